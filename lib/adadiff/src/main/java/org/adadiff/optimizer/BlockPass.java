package org.adadiff.optimizer;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Applies a rule to a parameter in one pass over its memory, on several threads.
 *
 * <p>Block by block, the numbers are copied to arrays on the heap, which stay in the processor's cache, worked on there
 * and copied back: Java's compiler turns loops over such arrays into vector instructions, but not loops over memory
 * outside the heap. The rule works element by element, so the result does not depend on who does which block.
 */
final class BlockPass {

    static final int BLOCK = 4096; // floats; a block's arrays together stay in a core's second-level cache

    private final Staging[] staging; // one per thread, the caller's first

    BlockPass(int slots, int threads) {
        staging = new Staging[threads];
        for (int i = 0; i < threads; i++) {
            staging[i] = new Staging(slots);
        }
    }

    /** How many threads MXNet computes with as well: OMP_NUM_THREADS if it is set, else every processor there is. */
    static int threads() {
        String set = System.getenv("OMP_NUM_THREADS"); // or several, for nested loops: "4,2"
        if (set != null && set.matches("\\s*0*[1-9][0-9]{0,3}\\s*(,.*)?")) {
            return Integer.parseInt(set.split(",", 2)[0].strip());
        }
        return Runtime.getRuntime().availableProcessors();
    }

    /** Runs the rule over all of w. Not to be called twice at a time. */
    void run(BlockRule rule, FloatBuffer w, FloatBuffer g, FloatBuffer[] state) {
        int blocks = (w.capacity() + BLOCK - 1) / BLOCK;
        AtomicInteger next = new AtomicInteger();
        List<Worker> workers = new ArrayList<>();
        for (int i = 0; i < Math.min(staging.length, blocks); i++) {
            workers.add(new Worker(staging[i], rule, w, g, state, next));
        }
        // This thread is the first worker. Whom the pool has no thread for, it runs as well, and finds no blocks left.
        ForkJoinTask.invokeAll(workers);
    }

    /** Takes blocks until there are none left. */
    private static final class Worker extends RecursiveAction {

        private static final long serialVersionUID = 1;

        private final transient Staging staging;
        private final transient BlockRule rule;
        private final transient FloatBuffer w;
        private final transient FloatBuffer g;
        private final transient FloatBuffer[] state;
        private final AtomicInteger next;

        Worker(Staging staging, BlockRule rule, FloatBuffer w, FloatBuffer g, FloatBuffer[] state, AtomicInteger next) {
            this.staging = staging;
            this.rule = rule;
            this.w = w;
            this.g = g;
            this.state = state;
            this.next = next;
        }

        @Override
        protected void compute() {
            int size = w.capacity();
            for (long start = (long) next.getAndIncrement() * BLOCK; start < size;
                    start = (long) next.getAndIncrement() * BLOCK) {
                staging.run(rule, w, g, state, (int) start, (int) Math.min(BLOCK, size - start));
            }
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
