package org.adadiff.optimizer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on a GPU, where DJL puts every array that is not put elsewhere. */
@Tag("gpu")
class OptimizerContractOnGpuTest extends OptimizerContractTest {
    @BeforeAll
    static void arraysAreOnTheGpu() {
        assertTrue(Engine.getInstance().defaultDevice().isGpu(), "no GPU is visible to MXNet");
    }
}
