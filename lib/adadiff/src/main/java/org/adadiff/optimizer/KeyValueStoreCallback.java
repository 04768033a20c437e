package org.adadiff.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.util.PairList;

/**
 * The way out of MXNet's key-value store for an exception. The store calls the optimizer from native code, where JNA
 * prints what is thrown and returns normally, so {@code Trainer.step()} would carry on as if the update had been made.
 */
final class KeyValueStoreCallback {

    private static final String CALLBACK = "ai.djl.mxnet.engine.MxParameterServer$OptimizerCallback";

    private KeyValueStoreCallback() {}

    /** Whether the running update was called by the store. Walks the stack: for the failure path only. */
    static boolean isCaller() {
        return StackWalker.getInstance().walk(frames -> frames.anyMatch(f -> f.getClassName().equals(CALLBACK)));
    }

    /**
     * Makes the step that is running throw on the Java side. DJL closes its gradient arrays right after the callback,
     * and closing waits for the array's pending operations; so an operation is queued that is to write the gradient and
     * fails before it does (a normal distribution of negative scale). MXNet then reports that failure to who waits
     * first. The callback's own manager must not: DJL would swallow the report there, so the callback's handle of the
     * gradient is taken out of it.
     *
     * @return the handle of the gradient, now the caller's to close
     */
    static NDArray failStep(NDArray gradient, Throwable cause) {
        gradient.detach();
        try {
            queueFailure(gradient);
        } catch (RuntimeException e) { // MXNet's NaiveEngine runs, and fails, at once
            cause.addSuppressed(e);
        }
        return gradient;
    }

    private static void queueFailure(NDArray gradient) {
        PairList<String, Object> options = new PairList<>();
        options.add("scale", "-1.0");
        options.add("shape", gradient.getShape().toString());
        gradient.getManager().invoke("random_normal", new NDArray[0], new NDArray[] {gradient}, options);
    }
}
