package io.github.spencerpark.ijava.runtime;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.UUID;
import java.util.function.Function;

/** Showing values in the notebook. */
public final class Display {
    private Display() {}

    /**
     * Renders a value as its renderer prefers.
     *
     * @param value any value, or null, or data that is rendered already
     * @return the value by MIME type; text/plain is always there
     */
    public static DisplayData render(Object value) {
        if (value instanceof DisplayData data) {
            return data;
        }
        // The base library asks the value for its class
        return value == null ? new DisplayData("null") : rendered(value, renderer -> renderer.render(value));
    }

    private static DisplayData rendered(Object value, Function<Renderer, DisplayData> rendering) {
        try {
            return withText(value, rendering.apply(Kernel.getKernelInstance().getRendererFor(value)));
        } catch (IncompatibleClassChangeError | NoClassDefFoundError e) {
            // A renderer is there for another version of the library than the one that the notebook has added
            System.err.println(value.getClass().getName() + " shows as text only: " + e);
            return withText(value, new DisplayData(value.toString()));
        }
    }

    private static DisplayData withText(Object value, DisplayData rendered) {
        Object text = rendered.getData(MIMEType.TEXT_PLAIN);
        if (text == null) {
            rendered.putText("null");
        } else if (value.getClass().isArray() && text.equals(value.toString())) {
            rendered.putText(PlainText.ofArray(value));
        }
        return rendered;
    }

    /**
     * Renders a value as the given MIME types.
     *
     * @param value any value, or null, or data that is rendered already
     * @param types MIME types, for example {@code text/html}
     * @return the value by MIME type; text/plain is always there
     */
    public static DisplayData render(Object value, String... types) {
        if (value == null || value instanceof DisplayData || types.length == 0) {
            return render(value);
        }
        return rendered(value, renderer -> renderer.renderAs(value, types));
    }

    /**
     * Shows a value.
     *
     * @param value any value, or null
     * @return the display id, for {@link #updateDisplay(String, Object)}
     */
    public static String display(Object value) {
        return show(render(value));
    }

    /**
     * Shows a value as the given MIME types.
     *
     * @param value any value, or null
     * @param types MIME types
     * @return the display id
     */
    public static String display(Object value, String... types) {
        return show(render(value, types));
    }

    /**
     * Replaces what was shown under a display id.
     *
     * @param id the display id
     * @param value any value, or null
     */
    public static void updateDisplay(String id, Object value) {
        Kernel.getKernelInstance().updateDisplay(id, render(value));
    }

    /**
     * Replaces what was shown under a display id.
     *
     * @param id the display id
     * @param value any value, or null
     * @param types MIME types
     */
    public static void updateDisplay(String id, Object value, String... types) {
        Kernel.getKernelInstance().updateDisplay(id, render(value, types));
    }

    /**
     * Removes what the running cell has shown so far.
     *
     * @param wait whether to remove it only when the next output comes, which avoids flicker
     */
    public static void clearOutput(boolean wait) {
        Kernel.getKernelInstance().clearOutput(wait);
    }

    private static String show(DisplayData data) {
        if (!data.hasDisplayId()) {
            data.setDisplayId(UUID.randomUUID().toString());
        }
        Kernel.getKernelInstance().display(data);
        return data.getDisplayId();
    }
}
