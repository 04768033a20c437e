package org.adadiff.model;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.List;

/** The trainable parameters of a network, in a fixed order. */
public final class ModelParameters {
    private ModelParameters() {}

    /**
     * The parameters that an optimizer updates: those of {@link Block#getParameters()} without batch normalisation's
     * running statistics, in the same order.
     *
     * @param block a network
     * @return its trainable parameters
     */
    public static List<Parameter> trainable(Block block) {
        return block.getParameters().values().stream().filter(Parameter::requiresGradient).toList();
    }

    /**
     * Counts the trainable numbers of an initialised network.
     *
     * @param block a network whose parameters have shapes
     * @return the number of elements of all trainable parameters together
     */
    public static long count(Block block) {
        return trainable(block).stream().mapToLong(parameter -> parameter.getShape().size()).sum();
    }

    /**
     * Attaches a gradient to every trainable parameter. {@link Block#loadParameters} replaces the arrays by ones that have
     * none, so training after a load needs this call.
     *
     * @param block an initialised network
     */
    public static void attachGradients(Block block) {
        trainable(block).forEach(parameter -> parameter.getArray().setRequiresGradient(true));
    }
}
