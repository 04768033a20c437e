package org.adadiff.model;

import ai.djl.nn.Parameter;
import java.util.Arrays;
import java.util.List;

/** A literal AWD-LSTM in double precision, one sequence at a time, with its masks given from outside. */
final class LstmReference {
    /** Masks by what they multiply; null where nothing is dropped. Locked masks are [b][unit]. */
    record Masks(float[] words, float[][] input, float[][][] layers, float[][] output, float[][] hiddenWeights) {
        static final Masks NONE = new Masks(null, null, null, null, null);
    }

    /** Results for one sequence: logits [t][word], and the last layer's output [t][unit] before and after dropout. */
    record Result(double[][] logits, double[][] raw, double[][] dropped) {}

    private final AwdLstmConfig config;
    private final List<float[]> weights;

    LstmReference(AwdLstm network) {
        config = network.config();
        weights = ModelParameters.trainable(network).stream()
                .map(Parameter::getArray)
                .map(array -> array.toFloatArray())
                .toList();
    }

    /** The parameters, in the network's order; what is written to them counts in the next run. */
    List<float[]> weights() {
        return weights;
    }

    Result run(int[] tokens, int b, Masks masks) {
        double[][] x = new double[tokens.length][config.embedding()];
        for (int t = 0; t < tokens.length; t++) {
            for (int e = 0; e < config.embedding(); e++) {
                x[t][e] = weights.get(1)[tokens[t] * config.embedding() + e]
                        * (masks.words() == null ? 1 : masks.words()[tokens[t]]);
            }
        }
        x = locked(x, masks.input() == null ? null : masks.input()[b]);
        for (int layer = 0; layer < config.layers(); layer++) {
            if (layer > 0) {
                x = locked(x, masks.layers() == null ? null : masks.layers()[layer - 1][b]);
            }
            x = layer(x, layer, masks.hiddenWeights() == null ? null : masks.hiddenWeights()[layer]);
        }
        double[][] dropped = locked(x, masks.output() == null ? null : masks.output()[b]);
        double[][] logits = new double[tokens.length][config.vocabulary()];
        for (int t = 0; t < tokens.length; t++) {
            for (int word = 0; word < config.vocabulary(); word++) {
                logits[t][word] = weights.get(0)[word] + dot(weights.get(1), word, dropped[t], null);
            }
        }
        return new Result(logits, x, dropped);
    }

    private double[][] layer(double[][] x, int layer, float[] mask) {
        int size = config.outputSize(layer);
        float[] parts = weights.get(2 + layer);
        float[] weightIh = Arrays.copyOf(parts, 4 * size * x[0].length);
        float[] weightHh = Arrays.copyOfRange(parts, weightIh.length, weightIh.length + 4 * size * size);
        float[] biases = Arrays.copyOfRange(parts, weightIh.length + weightHh.length, parts.length);
        double[][] outputs = new double[x.length][];
        double[] h = new double[size];
        double[] c = new double[size];
        for (int t = 0; t < x.length; t++) {
            double[] next = new double[size];
            for (int unit = 0; unit < size; unit++) {
                double[] gate = new double[4]; // input, forget, cell, output
                for (int g = 0; g < 4; g++) {
                    int row = g * size + unit;
                    gate[g] = dot(weightIh, row, x[t], null) + biases[row]
                            + dot(weightHh, row, h, mask) + biases[4 * size + row];
                }
                c[unit] = sigmoid(gate[1]) * c[unit] + sigmoid(gate[0]) * Math.tanh(gate[2]);
                next[unit] = sigmoid(gate[3]) * Math.tanh(c[unit]);
            }
            h = next;
            outputs[t] = next;
        }
        return outputs;
    }

    private static double dot(float[] matrix, int row, double[] vector, float[] mask) {
        double sum = 0;
        for (int i = 0; i < vector.length; i++) {
            int at = row * vector.length + i;
            sum += matrix[at] * vector[i] * (mask == null ? 1 : mask[at]);
        }
        return sum;
    }

    private static double[][] locked(double[][] x, float[] mask) {
        double[][] masked = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            masked[t] = x[t].clone();
            for (int i = 0; mask != null && i < mask.length; i++) {
                masked[t][i] *= mask[i];
            }
        }
        return masked;
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
