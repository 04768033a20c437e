package org.adadiff.jupyter.runner;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** A moment by which something must have happened, and the words for it. */
final class Deadline {
    private static final Duration NONE = Duration.ofDays(10_000);

    private final long end; // System.nanoTime()
    private final Duration limit;

    private Deadline(Duration limit) {
        this.limit = limit;
        end = System.nanoTime() + limit.toNanos();
    }

    static Deadline in(Duration limit) {
        return new Deadline(limit);
    }

    static Deadline in(Optional<Duration> limit) {
        return new Deadline(limit.orElse(NONE));
    }

    boolean isOver() {
        return System.nanoTime() - end >= 0;
    }

    /** The earlier of two. */
    Deadline or(Deadline other) {
        return end - other.end <= 0 ? this : other;
    }

    /** How long it was, for a person. */
    String limit() {
        return words(limit);
    }

    static String words(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
}
