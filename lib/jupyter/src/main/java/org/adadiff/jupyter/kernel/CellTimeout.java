package org.adadiff.jupyter.kernel;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** How long one statement of a cell may run; zero means for ever. */
record CellTimeout(Duration limit) {

    /** Parses IJAVA_TIMEOUT: a number of milliseconds, or a number and a unit as in {@code 30 seconds}. */
    static CellTimeout parse(String text) {
        if (text == null || text.isBlank()) {
            return new CellTimeout(Duration.ZERO);
        }
        String[] words = text.strip().split("(?<=\\d)\\s*(?=[A-Za-z])|\\s+", 2);
        try {
            TimeUnit unit = words.length == 1 ? TimeUnit.MILLISECONDS : TimeUnit.valueOf(words[1].toUpperCase(Locale.ROOT));
            return new CellTimeout(Duration.of(Math.max(0, Long.parseLong(words[0])), unit.toChronoUnit()));
        } catch (IllegalArgumentException e) {
            KernelLog.warn("IJAVA_TIMEOUT: expected a number and a unit such as '30 seconds', found '" + text + "'; no limit is set");
            return new CellTimeout(Duration.ZERO);
        }
    }

    /** Starts the clock; close the watch when the statement has ended. */
    Watch watch(CellThread cells) {
        return new Watch(cells);
    }

    @Override
    public String toString() {
        return limit.toString().substring(2).toLowerCase(Locale.ROOT);
    }

    /** Interrupts a statement that runs for too long. */
    final class Watch implements AutoCloseable {
        private final AtomicBoolean over = new AtomicBoolean();
        private final Thread thread;

        private Watch(CellThread cells) {
            if (limit.isZero()) {
                thread = null;
                return;
            }
            thread =
                    new Thread(
                            () -> {
                                try {
                                    Thread.sleep(limit.toMillis());
                                    over.set(true);
                                    cells.interrupt();
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            },
                            "cell-timeout");
            thread.setDaemon(true);
            thread.start();
        }

        boolean isOver() {
            return over.get();
        }

        @Override
        public void close() {
            if (thread != null) {
                thread.interrupt();
            }
        }
    }
}
