package org.adadiff.engine;

import ai.djl.engine.EngineException;
import ai.djl.util.Utils;
import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * MXNet's native library as bytedeco builds it, for the CPU or for CUDA 11.8, taken from the class path on behalf of DJL, which
 * knows its own builds only. It is unpacked once, into DJL's cache folder, under a name that follows from its content.
 */
final class BytedecoLibrary {
    /** A variable or property: where DJL looks for MXNet before it looks for its own builds. */
    static final String LIBRARY_PATH = "MXNET_LIBRARY_PATH";

    private static final String MXNET = "libmxnet.so";

    /** What it needs beside it, each file after those that it needs itself. */
    private static final List<String> NEEDED = List.of(
            "openblas/linux-x86_64/libquadmath.so.0",
            "openblas/linux-x86_64/libgfortran.so.5",
            "openblas/linux-x86_64/libopenblas.so.0",
            "opencv/linux-x86_64/libopencv_core.so.406",
            "opencv/linux-x86_64/libopencv_imgproc.so.406",
            "opencv/linux-x86_64/libopencv_imgcodecs.so.406");

    private static final List<String> NEEDED_BY_CUDA_BUILD = List.of(
            "cuda/linux-x86_64/libcudart.so.11.0",
            "cuda/linux-x86_64/libcublasLt.so.11",
            "cuda/linux-x86_64/libcublas.so.11",
            "cuda/linux-x86_64/libcurand.so.10",
            "cuda/linux-x86_64/libcusolver.so.11",
            "cuda/linux-x86_64/libcufft.so.10",
            "cuda/linux-x86_64/libnvrtc-builtins.so.11.8",
            "cuda/linux-x86_64/libnvrtc.so.11.2",
            "cuda/linux-x86_64/libnccl.so.2",
            "cuda/linux-x86_64/libcudnn.so.8",
            "cuda/linux-x86_64/libcudnn_ops_infer.so.8",
            "cuda/linux-x86_64/libcudnn_ops_train.so.8",
            "cuda/linux-x86_64/libcudnn_cnn_infer.so.8",
            "cuda/linux-x86_64/libcudnn_cnn_train.so.8",
            "cuda/linux-x86_64/libcudnn_adv_infer.so.8",
            "cuda/linux-x86_64/libcudnn_adv_train.so.8");

    /** Held for as long as the process lives: JNA unloads a library that nobody holds. */
    private static final List<NativeLibrary> LOADED = new ArrayList<>();

    private BytedecoLibrary() {}

    /**
     * Unpacks the library if it is on the class path and not unpacked yet, loads it, and tells DJL where it is. The build for
     * CUDA goes before that for the CPU. Nothing is done where the user has said where MXNet is, or on another platform.
     *
     * @throws EngineException if it cannot be unpacked or loaded; the message says what is missing
     */
    static void provide() {
        if (!Platform.isLinux() || !Platform.ARCH.equals("x86-64") || Utils.getEnvOrSystemProperty(LIBRARY_PATH) != null) {
            return;
        }
        URL cuda = resource("mxnet/linux-x86_64-gpu/" + MXNET);
        URL mxnet = cuda != null ? cuda : resource("mxnet/linux-x86_64/" + MXNET);
        if (mxnet == null) {
            return;
        }
        List<String> needed = new ArrayList<>(cuda != null ? NEEDED_BY_CUDA_BUILD : List.of());
        needed.addAll(NEEDED);
        try {
            Path folder = unpacked(mxnet, needed);
            NativeLibrary.addSearchPath("cudart", folder.toString()); // whom DJL asks for the number of GPUs
            for (String name : needed) {
                load(folder.resolve(fileName(name)));
            }
            load(folder.resolve(MXNET));
            System.setProperty(LIBRARY_PATH, folder.toString());
        } catch (IOException e) {
            throw new EngineException("bytedeco's build of MXNet cannot be unpacked: " + e.getMessage(), e);
        }
    }

    private static URL resource(String name) {
        return BytedecoLibrary.class.getClassLoader().getResource("org/bytedeco/" + name);
    }

    private static String fileName(String resource) {
        return resource.substring(resource.lastIndexOf('/') + 1);
    }

    /** Returns the folder with all files. It appears as a whole, so that starts at the same time do not disturb each other. */
    private static Path unpacked(URL mxnet, List<String> needed) throws IOException {
        Path cache = Utils.getEngineCacheDir("mxnet");
        Path folder = cache.resolve("bytedeco-" + contentOf(mxnet)).toAbsolutePath();
        if (Files.exists(folder)) {
            return folder;
        }
        Files.createDirectories(cache);
        Path unfinished = Files.createTempDirectory(cache, "unpacking");
        try {
            for (String name : needed) {
                URL file = resource(name);
                if (file == null) {
                    throw new FileNotFoundException("expected org/bytedeco/" + name + " on the class path, found none");
                }
                Path copy = unfinished.resolve(fileName(name));
                copy(file, copy);
                if (name.contains("libcudart")) { // by this name DJL would find that of another version first
                    Files.createSymbolicLink(unfinished.resolve("libcudart.so"), copy.getFileName());
                }
            }
            copy(mxnet, unfinished.resolve(MXNET));
            forgetHighGui(unfinished.resolve(MXNET));
            Utils.moveQuietly(unfinished, folder);
        } finally {
            Utils.deleteQuietly(unfinished);
        }
        return folder;
    }

    /** Returns a name for a build: two builds that differ have different ones. */
    private static String contentOf(URL mxnet) throws IOException {
        var connection = mxnet.openConnection();
        return connection instanceof JarURLConnection jar ? Long.toHexString(jar.getJarEntry().getCrc())
                : connection.getContentLengthLong() + "-" + connection.getLastModified();
    }

    /**
     * Takes OpenCV's windows out of what the library says it needs. It calls nothing of them, and they need GTK 2, which servers
     * and containers do not have. Naming another library that is needed anyway leaves every byte in its place.
     */
    private static void forgetHighGui(Path library) throws IOException {
        byte[] unwanted = "libopencv_highgui.so.406\0".getBytes(StandardCharsets.US_ASCII);
        byte[] instead = Arrays.copyOf("libopencv_core.so.406".getBytes(StandardCharsets.US_ASCII), unwanted.length);
        try (FileChannel channel = FileChannel.open(library, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
            ByteBuffer pattern = ByteBuffer.wrap(unwanted);
            for (int i = 0; i <= bytes.limit() - unwanted.length; i++) {
                if (bytes.get(i) == unwanted[0] && bytes.slice(i, unwanted.length).equals(pattern)) {
                    bytes.put(i, instead);
                    return;
                }
            }
        }
        throw new IOException(library + ": expected it to need libopencv_highgui.so.406, found that it does not");
    }

    private static void copy(URL from, Path to) throws IOException {
        try (InputStream in = from.openStream()) {
            Files.copy(in, to);
        }
    }

    /** Loads a file ahead of those that need it, which then find it by its name: it lies in no folder that is searched. */
    private static void load(Path file) {
        try {
            // RTLD_LAZY without RTLD_GLOBAL, as DJL loads MXNet
            LOADED.add(NativeLibrary.getInstance(file.toString(), Map.of(Library.OPTION_OPEN_FLAGS, 1)));
        } catch (UnsatisfiedLinkError e) {
            // JNA tries several ways; the first one is the system's own loader, which says what is missing
            String reason = e.getSuppressed().length > 0 ? e.getSuppressed()[0].getMessage() : e.getMessage();
            String hint = reason.contains("libcuda.so") ? "; the build for CUDA needs NVIDIA's driver, even to compute on the CPU"
                    : reason.contains("libgomp.so") ? "; it belongs to GCC's run-time libraries, Debian's package libgomp1" : "";
            throw new EngineException("bytedeco's build of MXNet cannot be loaded: " + reason + hint, e);
        }
    }
}
