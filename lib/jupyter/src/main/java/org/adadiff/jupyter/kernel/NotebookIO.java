package org.adadiff.jupyter.kernel;

import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.JupyterIO;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.ContentType;
import io.github.spencerpark.jupyter.messages.publish.PublishUpdateDisplayData;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;

/** What {@code getKernelInstance().getIO()} gives in IJava: the base library's streams, here as ways to this kernel's own. */
final class NotebookIO extends JupyterIO {
    NotebookIO(JavaKernel kernel) {
        setEnv(new OwnChannels(kernel));
        setJupyterInEnabled(true);
    }

    private static final class OwnChannels extends ShellReplyEnvironment {
        private final JavaKernel kernel;

        OwnChannels(JavaKernel kernel) {
            super(null, null, null, null);
            this.kernel = kernel;
        }

        @Override
        public <T extends ContentType<T>> void publish(T content) {
            if (content instanceof PublishUpdateDisplayData update) {
                kernel.updateDisplay(update.getDisplayId(), update);
            } else if (content instanceof DisplayData data) {
                kernel.display(data);
            } else {
                throw new UnsupportedOperationException("A notebook publishes displays only, not " + content.getType());
            }
        }

        @Override
        public void writeToStdOut(String text) {
            System.out.print(text);
        }

        @Override
        public void writeToStdErr(String text) {
            System.err.print(text);
        }

        @Override
        public String readFromStdIn(String prompt, boolean password) {
            try {
                return kernel.readLine(prompt, password);
            } catch (InterruptedIOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
