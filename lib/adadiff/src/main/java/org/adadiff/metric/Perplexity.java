package org.adadiff.metric;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.training.evaluator.Evaluator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Perplexity as an evaluator for DJL's {@code Trainer}: the exponential of the mean cross-entropy per token.
 *
 * <p>Labels are class indices of any shape; predictions are logits of that shape with one more axis, the classes, at
 * the end.
 */
public final class Perplexity extends Evaluator {
    private final Map<String, EpochAverage> averages = new ConcurrentHashMap<>();

    /** Creates the evaluator, named {@code Perplexity}. */
    public Perplexity() {
        super("Perplexity");
    }

    /**
     * Returns the cross-entropy of each token.
     *
     * @param labels one array of class indices
     * @param predictions one array of logits, the classes on its last axis
     * @return the negative log-likelihoods, in nats, in the labels' order
     */
    @Override
    public NDArray evaluate(NDList labels, NDList predictions) {
        NDArray logits = predictions.singletonOrThrow();
        NDArray label = labels.singletonOrThrow();
        long classes = logits.getShape().tail();
        if (logits.size() != label.size() * classes) {
            throw new IllegalArgumentException("Perplexity: expected logits of the labels' shape " + label.getShape()
                    + " and one more axis, found " + logits.getShape());
        }
        NDArray flat = logits.reshape(-1, classes).logSoftmax(-1);
        return flat.get(new NDIndex().addAllDim().addPickDim(label.reshape(-1, 1))).neg();
    }

    @Override
    public void addAccumulator(String key) {
        averages.put(key, new EpochAverage());
    }

    @Override
    public void updateAccumulator(String key, NDList labels, NDList predictions) {
        try (NDArray loss = evaluate(labels, predictions); NDArray mean = loss.mean()) {
            averages.get(key).add(mean.getFloat(), loss.size(), 0);
        }
    }

    @Override
    public void resetAccumulator(String key) {
        averages.computeIfPresent(key, (k, old) -> new EpochAverage());
    }

    @Override
    public float getAccumulator(String key) {
        EpochAverage average = averages.get(key);
        if (average == null) {
            throw new IllegalArgumentException("Perplexity: no accumulator named " + key + ", known " + averages.keySet());
        }
        return (float) average.perplexity();
    }
}
