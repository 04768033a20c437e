package org.adadiff.optimizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.mxnet.jna.JnaUtils;
import ai.djl.mxnet.jna.LibUtils;
import ai.djl.mxnet.jna.MxnetLibrary;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many operations of MXNet's engine an update takes, by MXNet's own profiler: on a GPU, one kernel launch each. */
class EngineOperationsTest {

    private static final String FUSED = "org.adadiff.fused";

    @AfterEach
    void clear() {
        System.clearProperty(FUSED);
    }

    @Test
    void anUpdateByArrayOperationsTakesAsFewAsMxnetAllows() {
        System.setProperty(FUSED, "false");
        assertEquals(11, operations(AdaDiff.builder().build()));
        assertEquals(12, operations(AdaDiff.builder().optWeightDecays(5e-4f).build()));
        assertEquals(12, operations(AdaDiff.builder().optAmsgrad(true).build()));
        assertEquals(10, operations(AdaBelief.builder().build()));
        assertEquals(3, operations(AveragedSgd.builder().build()));
    }

    @Test
    void thePassOverMemoryTakesNone() {
        assertEquals(0, operations(AdaDiff.builder().build()));
        assertEquals(0, operations(AdaBelief.builder().optAmsgrad(true).optWeightDecays(5e-4f).build()));
    }

    private static int operations(StatefulOptimizer optimizer) {
        MxnetLibrary mxnet = LibUtils.loadLibrary();
        try (optimizer;
                NDManager manager = NDManager.newBaseManager()) {
            NDArray w = manager.ones(new Shape(40, 30));
            NDArray g = manager.ones(new Shape(40, 30));
            for (int t = 0; t < 3; t++) {
                optimizer.update("w", w, g);
            }
            JnaUtils.waitAll();
            String[] keys = {"profile_imperative", "aggregate_stats", "filename"};
            String[] values = {"1", "1", "target/mxnet-profile.json"};
            mxnet.MXSetProcessProfilerConfig(keys.length, keys, values, null);
            mxnet.MXSetProcessProfilerState(1, 0, null);
            optimizer.update("w", w, g);
            JnaUtils.waitAll();
            mxnet.MXSetProcessProfilerState(0, 0, null);
            String[] table = new String[1];
            mxnet.MXAggregateProfileStatsPrint(table, 1);
            Matcher calls = Pattern.compile("(?m)^MXImperativeInvokeEx +(\\d+) ").matcher(table[0]);
            return calls.find() ? Integer.parseInt(calls.group(1)) : 0;
        }
    }
}
