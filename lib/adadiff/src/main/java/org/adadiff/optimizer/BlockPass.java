package org.adadiff.optimizer;

import java.nio.FloatBuffer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Applies a rule to a parameter in one pass over its memory, on several threads.
 *
 * <p>Block by block, the numbers are copied to arrays on the heap, which stay in the processor's cache, worked on there
 * and copied back: Java's compiler turns loops over such arrays into vector instructions, but not loops over memory
 * outside the heap. The rule works element by element, so the result does not depend on who does which block.
 *
 * <p>The calling thread does what nobody else has taken. Its helpers stay for a moment after each parameter to be there at
 * once for the next: to wake a thread takes longer than to update most parameters of a DenseNet.
 */
final class BlockPass {

    /**
     * Floats. So few that a processor that executes out of order already fetches the next block while it computes this one: 24 million
     * parameters take one core of an AMD EPYC 32 ms in blocks of 128 to 224, 35 ms of 256, 44 ms of 384 and 54 ms of 768, in its cache
     * 27 ms. Fewer still, and the beginning and the end of each loop, which are not vector instructions, take their share.
     */
    static final int BLOCK = 192;

    /** Blocks that are taken together at least: less is not worth a second thread. */
    private static final int LEAST_RUN = 32;
    private static final long PATIENCE_NANOS = 100_000;

    /**
     * Not the common pool: where that has no threads of its own, as in a container with one processor, a task of ours would
     * keep a caller's parallel stream from its end.
     */
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(BlockPass::thread);

    private final Staging own;
    private final Helper[] helpers;
    private volatile Job current;

    /**
     * @param slots how many arrays of state there are
     * @param threads how many work at once, the caller's included
     */
    BlockPass(int slots, int threads) {
        own = new Staging(slots);
        helpers = new Helper[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Helper(new Staging(slots));
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "adadiff-update");
        thread.setDaemon(true);
        thread.setContextClassLoader(null); // which may be a notebook's, and this thread outlive it
        return thread;
    }

    /** Runs the rule over all of w. Not to be called twice at a time. */
    void run(BlockRule rule, FloatBuffer w, FloatBuffer g, FloatBuffer[] state) {
        Job job = new Job(rule, w, g, state, 1 + helpers.length);
        if (job.blocks > LEAST_RUN && helpers.length > 0) {
            current = job;
            for (int i = 0; i < helpers.length && i < (job.blocks - 1) / LEAST_RUN; i++) {
                helpers[i].call();
            }
        }
        job.work(own);
        current = null;
        job.await();
    }

    /** One parameter, taken piece by piece by whoever is free. */
    private static final class Job {

        private final BlockRule rule;
        private final FloatBuffer w;
        private final FloatBuffer g;
        private final FloatBuffer[] state;
        private final int threads;
        private final int blocks;
        private final AtomicInteger taken = new AtomicInteger(); // blocks
        private final AtomicInteger done = new AtomicInteger(); // blocks
        private volatile Throwable failure;

        Job(BlockRule rule, FloatBuffer w, FloatBuffer g, FloatBuffer[] state, int threads) {
            this.rule = rule;
            this.w = w;
            this.g = g;
            this.state = state;
            this.threads = threads;
            blocks = (w.capacity() + BLOCK - 1) / BLOCK;
        }

        void work(Staging staging) {
            for (int first = taken.get(); first < blocks; first = taken.get()) {
                // Runs of blocks, long at first, so that what the processor fetches ahead is what this core needs next
                int run = Math.min(blocks - first, Math.max(LEAST_RUN, (blocks - first) / (2 * threads)));
                if (taken.compareAndSet(first, first + run)) {
                    try {
                        for (int block = first; block < first + run; block++) {
                            int start = block * BLOCK;
                            staging.run(rule, w, g, state, start, Math.min(BLOCK, w.capacity() - start));
                        }
                    } catch (RuntimeException | Error e) {
                        failure = e;
                    } finally {
                        done.addAndGet(run);
                    }
                }
            }
        }

        /** Waits for the last blocks, which take some 10 us: less than it takes to go to sleep and wake up. */
        void await() {
            for (int spins = 0; done.get() < blocks; spins++) {
                if (spins < 10_000) {
                    Thread.onSpinWait();
                } else {
                    Thread.yield();
                }
            }
            if (failure != null) {
                throw new IllegalStateException("the update of a block failed: " + failure, failure);
            }
        }
    }

    /** A thread while it works for this pass. */
    private final class Helper implements Runnable {

        private final Staging staging;
        private final AtomicBoolean present = new AtomicBoolean();

        Helper(Staging staging) {
            this.staging = staging;
        }

        void call() {
            if (!present.get() && present.compareAndSet(false, true)) {
                THREADS.execute(this);
            }
        }

        @Override
        public void run() {
            for (long idle = System.nanoTime(); System.nanoTime() - idle < PATIENCE_NANOS; Thread.onSpinWait()) {
                Job job = current;
                if (job != null && job.taken.get() < job.blocks) {
                    job.work(staging);
                    idle = System.nanoTime();
                }
            }
            present.set(false);
        }
    }

    /** The arrays on the heap that one thread works in. */
    private static final class Staging {

        private final float[] w = new float[BLOCK];
        private final float[] g = new float[BLOCK];
        private final float[][] state;

        Staging(int slots) {
            state = new float[slots][BLOCK];
        }

        void run(BlockRule rule, FloatBuffer weight, FloatBuffer gradient, FloatBuffer[] slots, int start, int n) {
            weight.get(start, w, 0, n);
            gradient.get(start, g, 0, n);
            for (int i = 0; i < slots.length; i++) {
                slots[i].get(start, state[i], 0, n);
            }
            rule.apply(w, g, state, n);
            weight.put(start, w, 0, n);
            for (int i = 0; i < slots.length; i++) {
                slots[i].put(start, state[i], 0, n);
            }
        }
    }
}
