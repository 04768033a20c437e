package org.adadiff.jupyter.kernel;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The classes of the kernel and of the compiler as the JVM has them in memory (class data sharing): with them, a kernel starts in half
 * the time. The archive stands beside the kernel's jar, and is made by a rehearsal of a kernel's work. The JVM ignores one that does
 * not fit its version or jars.
 */
public final class KernelArchive {
    // From JDK 25 on the archive also holds what the JVM has learnt of the methods
    private static final boolean WITH_PROFILES = Runtime.version().feature() >= 25;
    // A word about an archive that does not fit would stand on standard output
    private static final List<String> QUIET =
            WITH_PROFILES ? List.of("-Xlog:aot=off", "-Xlog:cds=off") : List.of("-Xlog:cds=off", "-Xlog:cds+dynamic=off");
    /** Without it, JDK 25 warns of native libraries such as MXNet's. An archive serves only a JVM that has it or not, as that which made it. */
    static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

    private static final Duration REHEARSAL_LIMIT = Duration.ofMinutes(2);
    private static final Duration DELAY = Duration.ofSeconds(10);

    private KernelArchive() {}

    /** The archive for a class path and this JVM; none if the kernel is not in a jar, as the JVM archives nothing else. */
    static Optional<Path> path(List<Path> classPath) {
        if (classPath.isEmpty() || !classPath.stream().allMatch(Files::isRegularFile)) {
            return Optional.empty();
        }
        Path jar = classPath.get(0).toAbsolutePath().normalize();
        return Optional.of(jar.resolveSibling("kernel-" + Runtime.version().toString().replace('+', '_') + ".jsa"));
    }

    /** Returns the options with which a JVM uses the archive, be it there yet or not; none if the kernel is not in a jar. */
    static List<String> options(List<Path> classPath) {
        Optional<Path> archive = path(classPath);
        if (archive.isEmpty()) {
            return List.of();
        }
        List<String> options = new ArrayList<>(QUIET);
        options.add((WITH_PROFILES ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + archive.get());
        return options;
    }

    private static boolean isFresh(Path archive, List<Path> classPath) {
        try {
            FileTime made = Files.getLastModifiedTime(archive);
            for (Path jar : classPath) {
                if (Files.getLastModifiedTime(jar).compareTo(made) > 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Makes the archive for a class path, if there is no fresh one and nobody else is making it. That takes some seconds.
     *
     * @param classPath the jars of the kernel
     * @throws IOException that it cannot be made; a kernel then starts without it
     * @throws InterruptedException if the thread is interrupted
     */
    public static void make(List<Path> classPath) throws IOException, InterruptedException {
        List<Path> jars = classPath.stream().map(path -> path.toAbsolutePath().normalize()).toList();
        Optional<Path> archive = path(jars);
        if (archive.isPresent() && !isFresh(archive.get(), jars)) {
            make(archive.get(), jars);
        }
    }

    private static void make(Path archive, List<Path> classPath) throws IOException, InterruptedException {
        Path partial = archive.resolveSibling(archive.getFileName() + ".part");
        if (Files.exists(partial) && Files.getLastModifiedTime(partial).toInstant().isBefore(Instant.now().minus(REHEARSAL_LIMIT))) {
            // Left by a rehearsal that was killed
            Files.delete(partial);
        }
        try {
            Files.createFile(partial);
        } catch (FileAlreadyExistsException e) {
            return;
        }
        try {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.add((WITH_PROFILES ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + partial);
            command.addAll(QUIET);
            command.add(NATIVE_ACCESS);
            command.add("-cp");
            command.add(String.join(File.pathSeparator, classPath.stream().map(Path::toString).toList()));
            command.add(KernelRehearsal.class.getName());
            Process rehearsal =
                    new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            boolean ended = rehearsal.waitFor(REHEARSAL_LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (!ended || rehearsal.exitValue() != 0 || Files.size(partial) == 0) {
                rehearsal.destroyForcibly();
                throw new IOException("The rehearsal for " + archive + " failed: " + (ended ? "exit code " + rehearsal.exitValue() : "time-out"));
            }
            Files.move(partial, archive, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
            // JDK 25's, where it has not come to its end
            Files.deleteIfExists(partial.resolveSibling(partial.getFileName() + ".config"));
        }
    }

    /** For a kernel that was started without a fresh archive: the next one will have it. */
    static void makeInBackground() {
        List<Path> classPath = List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream().map(Path::of).toList();
        if (path(classPath).filter(archive -> !isFresh(archive, classPath)).isEmpty()) {
            return;
        }
        Thread making =
                new Thread(
                        () -> {
                            try {
                                Thread.sleep(DELAY.toMillis());
                                make(classPath);
                            } catch (IOException e) {
                                KernelLog.warn(e.getMessage());
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "kernel-archive");
        making.setDaemon(true);
        making.start();
    }
}
