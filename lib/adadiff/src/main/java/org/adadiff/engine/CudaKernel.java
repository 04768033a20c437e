package org.adadiff.engine;

import ai.djl.Device;
import ai.djl.mxnet.engine.MxNDArray;
import ai.djl.mxnet.jna.JnaUtils;
import ai.djl.ndarray.NDArray;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import java.util.Arrays;

/**
 * A kernel in CUDA C++ for float32 arrays of one size on a GPU, a thread for each element. MXNet compiles it for the GPU at hand
 * and queues it like its own operations: it waits for what it reads, and others wait for what it writes.
 *
 * <p>For the other packages of this jar. A kernel stays for as long as the process: MXNet ends the process if a thread without CUDA
 * context frees one.
 */
public final class CudaKernel {
    private static final int THREADS_PER_BLOCK = 256;
    private static final int INT64 = 6; // mshadow's code of the type; that of float32 is 0
    /** Products and sums are rounded each by itself, as in Java. */
    private static final String[] OPTIONS = {"--fmad=false"};

    private final int arrays;
    private final int scalars;
    private final Pointer kernel;
    private final Memory values; // the scalars, then the size
    private final Memory arguments; // the address of each

    /**
     * Compiles a kernel.
     *
     * @param name of the kernel, an {@code extern "C" __global__} function that takes the arrays' addresses, the second of them of
     *     const float, then the scalars, then the arrays' size as a long long
     * @param source CUDA C++
     * @param arrays how many arrays, at least 2
     * @param scalars how many floats
     * @throws ai.djl.engine.EngineException if it cannot be compiled; the message is the compiler's
     */
    public CudaKernel(String name, String source, int arrays, int scalars) {
        this.arrays = arrays;
        this.scalars = scalars;
        int count = arrays + scalars + 1;
        int[] isArray = new int[count];
        Arrays.fill(isArray, 0, arrays, 1);
        int[] isConst = new int[count];
        isConst[1] = 1;
        int[] types = new int[count];
        types[count - 1] = INT64;
        long[] handle = new long[1];
        NativeMxnet.check(NativeMxnet.MXRtcCudaModuleCreate(source, OPTIONS.length, new StringArray(OPTIONS), 0, null, handle));
        NativeMxnet.check(NativeMxnet.MXRtcCudaKernelCreate(new Pointer(handle[0]), name, count, isArray, isConst, types, handle));
        kernel = new Pointer(handle[0]);
        values = new Memory((long) (scalars + 1) * Long.BYTES);
        arguments = new Memory((long) count * Native.POINTER_SIZE);
        for (int i = 0; i <= scalars; i++) {
            arguments.setPointer((long) (arrays + i) * Native.POINTER_SIZE, values.share((long) i * Long.BYTES));
        }
    }

    /**
     * Says whether kernels run where an array is.
     *
     * @param array of any engine, on any device
     * @return whether it is MXNet's, on a GPU, and MXNet was built to compile kernels
     */
    public static boolean reaches(NDArray array) {
        return HostMemory.isMxnets(array, Device.Type.GPU) && JnaUtils.getFeatures().contains("CUDA_RTC");
    }

    /**
     * Queues the kernel, once for each element.
     *
     * @param floats the scalars
     * @param operands the arrays, dense float32 of one size, on one GPU; all but the second are written
     * @throws ai.djl.engine.EngineException if MXNet refuses
     */
    public synchronized void launch(float[] floats, NDArray... operands) {
        if (operands.length != arrays || floats.length != scalars) {
            throw new IllegalArgumentException("CUDA kernel: expected " + arrays + " arrays and " + scalars + " scalars, found "
                    + operands.length + " and " + floats.length);
        }
        long size = operands[0].size();
        if (size == 0) {
            return; // CUDA knows no empty grid
        }
        for (int i = 0; i < arrays; i++) {
            arguments.setPointer((long) i * Native.POINTER_SIZE, ((MxNDArray) operands[i]).getHandle());
        }
        for (int i = 0; i < scalars; i++) {
            values.setFloat((long) i * Long.BYTES, floats[i]);
        }
        values.setLong((long) scalars * Long.BYTES, size);
        int blocks = Math.toIntExact((size + THREADS_PER_BLOCK - 1) / THREADS_PER_BLOCK);
        // MXNet copies the scalars before it returns
        NativeMxnet.check(NativeMxnet.MXRtcCudaKernelCall(
                kernel, operands[0].getDevice().getDeviceId(), arguments, blocks, 1, 1, THREADS_PER_BLOCK, 1, 1, 0));
    }
}
