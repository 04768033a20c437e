package org.adadiff.optimizer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.adadiff.engine.FilledArrays;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What any optimizer has to be able to do, DJL's own included: get close to the minimum of three small problems. */
class OptimizerContractTest {

    /** A function to be minimised, whose minimum is 0. */
    private record Objective(
            String name, float[] start, Shape shape, int steps, Function<float[], float[]> gradient,
            Function<float[], Double> value) {

        @Override
        public String toString() {
            return name;
        }
    }

    private record Candidate(String name, float quadraticRate, float rosenbrockRate, float matrixRate,
            Function<Tracker, Optimizer> make) {

        float rate(Objective objective) {
            return switch (objective.name()) {
                case "quadratic" -> quadraticRate;
                case "Rosenbrock" -> rosenbrockRate;
                default -> matrixRate;
            };
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Arguments> onMxnet() {
        return all(new Candidate("DJL Sgd", 0.1f, 0.001f, 0.05f,
                        rate -> Optimizer.sgd().setLearningRateTracker(rate).build()),
                new Candidate("DJL Adam", 0.05f, 0.02f, 0.02f,
                        rate -> Optimizer.adam().optLearningRateTracker(rate).build()));
    }

    static List<Arguments> onPyTorch() {
        return all();
    }

    private static List<Arguments> all(Candidate... others) {
        List<Candidate> candidates = new ArrayList<>(List.of(
                new Candidate("AdaDiff", 0.05f, 0.02f, 0.02f, rate -> AdaDiff.builder().optLearningRateTracker(rate).build()),
                new Candidate("AdaDiff AMSGrad", 0.05f, 0.02f, 0.02f,
                        rate -> AdaDiff.builder().optAmsgrad(true).optLearningRateTracker(rate).build()),
                new Candidate("AdaDiff, epsilon as printed", 0.05f, 0.02f, 0.02f,
                        rate -> AdaDiff.builder().optPrintedEpsilon(true).optLearningRateTracker(rate).build()),
                new Candidate("AdaBelief", 0.05f, 0.02f, 0.02f,
                        rate -> AdaBelief.builder().optLearningRateTracker(rate).build()),
                new Candidate("Adam", 0.05f, 0.02f, 0.02f, rate -> Adam.builder().optLearningRateTracker(rate).build()),
                new Candidate("Adam, accumulated epsilon", 0.05f, 0.02f, 0.02f,
                        rate -> Adam.builder().optAccumulatedEpsilon(true).optLearningRateTracker(rate).build()),
                new Candidate("MomentumSgd without momentum", 0.1f, 0.001f, 0.05f,
                        rate -> MomentumSgd.builder().optLearningRateTracker(rate).build()),
                new Candidate("MomentumSgd", 0.02f, 0.0005f, 0.02f,
                        rate -> MomentumSgd.builder().optMomentum(0.9).optLearningRateTracker(rate).build()),
                new Candidate("AveragedSgd", 0.1f, 0.001f, 0.05f,
                        rate -> AveragedSgd.builder().optLearningRateTracker(rate).build())));
        candidates.addAll(List.of(others));
        List<Arguments> all = new ArrayList<>();
        for (Candidate candidate : candidates) {
            for (Objective objective : List.of(quadratic(), rosenbrock(), matrix())) {
                all.add(Arguments.of(candidate, objective));
            }
        }
        return all;
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("onMxnet")
    void everyOptimizerGetsCloseToTheMinimum(Candidate candidate, Objective objective) throws Exception {
        minimise(candidate, objective, "MXNet");
    }

    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("onPyTorch")
    void onAnotherEngineEveryOptimizerOfOursGetsCloseToTheMinimum(Candidate candidate, Objective objective) throws Exception {
        minimise(candidate, objective, "PyTorch");
    }

    private static void minimise(Candidate candidate, Objective objective, String engine) throws Exception {
        Optimizer optimizer = candidate.make().apply(Tracker.fixed(candidate.rate(objective)));
        try (NDManager manager = NDManager.newBaseManager(engine)) {
            NDArray w = FilledArrays.floats(manager, objective.shape(), objective.start());
            double first = objective.value().apply(objective.start());
            for (int t = 0; t < objective.steps(); t++) {
                try (NDArray g = FilledArrays.floats(manager, objective.shape(), objective.gradient().apply(w.toFloatArray()))) {
                    optimizer.update("w", w, g);
                }
            }
            double last = objective.value().apply(w.toFloatArray());
            assertTrue(last < 0.01 * first, candidate + " on " + objective + ": from " + first + " only to " + last);
        } finally {
            if (optimizer instanceof AutoCloseable closeable) {
                closeable.close();
            }
        }
    }

    // f(x, y) = (x-1)^2 + 3*(y+2)^2
    private static Objective quadratic() {
        return new Objective("quadratic", new float[] {4, 1}, new Shape(2), 300,
                w -> new float[] {2 * (w[0] - 1), 6 * (w[1] + 2)},
                w -> Math.pow(w[0] - 1, 2) + 3 * Math.pow(w[1] + 2, 2));
    }

    // f(x, y) = (1-x)^2 + 100*(y-x^2)^2
    private static Objective rosenbrock() {
        return new Objective("Rosenbrock", new float[] {-0.5f, 1}, new Shape(2), 2500,
                w -> {
                    float valley = w[1] - w[0] * w[0];
                    return new float[] {-2 * (1 - w[0]) - 400 * w[0] * valley, 200 * valley};
                },
                w -> Math.pow(1 - w[0], 2) + 100 * Math.pow(w[1] - w[0] * w[0], 2));
    }

    // f(W) = |A*W - B|^2 / 2 for W (2, 2), with A = [[1, 2], [0, 1]] and B = A * [[1, -1], [2, 0.5]]
    private static Objective matrix() {
        float[] b = {5, 0, 2, 0.5f};
        Function<float[], float[]> residual = w -> new float[] {
            w[0] + 2 * w[2] - b[0], w[1] + 2 * w[3] - b[1], w[2] - b[2], w[3] - b[3]
        };
        return new Objective("matrix", new float[] {0, 0, 0, 0}, new Shape(2, 2), 300,
                w -> {
                    float[] r = residual.apply(w);
                    return new float[] {r[0], r[1], 2 * r[0] + r[2], 2 * r[1] + r[3]};
                },
                w -> {
                    double sum = 0;
                    for (float r : residual.apply(w)) {
                        sum += r * r / 2;
                    }
                    return sum;
                });
    }
}
