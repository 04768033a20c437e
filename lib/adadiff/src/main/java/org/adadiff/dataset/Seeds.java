package org.adadiff.dataset;

/** Derives independent seeds: the same (seed, epoch, index) gives the same number on every JVM, in any order of asking. */
final class Seeds {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private Seeds() {}

    static long of(long seed, long epoch, long index) {
        return mix(mix(mix(seed + GOLDEN_GAMMA) + epoch * GOLDEN_GAMMA) + index * GOLDEN_GAMMA);
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood, 2014): every input bit reaches every output bit. */
    private static long mix(long z) {
        long x = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
        return x ^ (x >>> 31);
    }
}
