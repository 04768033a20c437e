package io.github.spencerpark.ijava.runtime;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.UUID;

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
        return value == null ? new DisplayData("null") : withText(value, renderer().render(value));
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
        return withText(value, renderer().renderAs(value, types));
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

    /**
     * Shows a value in the frontend's pager when the cell has ended: below the notebook, or as a page of the console. A frontend that
     * has none leaves it out.
     *
     * @param value any value, null included
     * @param types MIME types to show it as; without any, the renderer's choice
     */
    public static void page(Object value, String... types) {
        Kernel.getKernelInstance().page(render(value, types));
    }

    private static String show(DisplayData data) {
        if (!data.hasDisplayId()) {
            data.setDisplayId(UUID.randomUUID().toString());
        }
        Kernel.getKernelInstance().display(data);
        return data.getDisplayId();
    }

    private static Renderer renderer() {
        return Kernel.getKernelInstance().getRenderer();
    }
}
