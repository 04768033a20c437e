package org.adadiff.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.adadiff.metric.RunLog;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Type;

/**
 * Notebooks run in IJava 1.3.0 too. Its class loader looks in the kernel's jars before those of the notebook, and among
 * the kernel's jars is gson 2.8.5: what a notebook calls has to be content with that.
 */
class StockIJavaTest {
    private static final Path GSON = Path.of("target/ijava/gson.jar"); // the build copies it there
    private static final String PACKAGE = "com/google/gson/";
    // JVM specification, table 4.4-A: Fieldref, Methodref and InterfaceMethodref are the constants 9 to 11
    private static final int FIRST_REFERENCE = 9;
    private static final int LAST_REFERENCE = 11;

    /** A field or method of gson that a class of ours names. */
    private record Reference(String user, String owner, String member) {}

    private static List<Reference> references(byte[] classFile) {
        var reader = new ClassReader(classFile);
        var buffer = new char[reader.getMaxStringLength()];
        var found = new ArrayList<Reference>();
        for (int i = 1; i < reader.getItemCount(); i++) {
            int constant = reader.getItem(i); // just after its tag; 0 for the second half of a long
            if (constant == 0 || reader.readByte(constant - 1) < FIRST_REFERENCE || reader.readByte(constant - 1) > LAST_REFERENCE) {
                continue;
            }
            String owner = reader.readClass(constant, buffer);
            int nameAndType = reader.getItem(reader.readUnsignedShort(constant + 2));
            if (owner.startsWith(PACKAGE)) {
                found.add(new Reference(reader.getClassName(), owner,
                        reader.readUTF8(nameAndType, buffer) + reader.readUTF8(nameAndType + 2, buffer)));
            }
        }
        return found;
    }

    private static List<Reference> references(Path classes) throws IOException {
        var found = new ArrayList<Reference>();
        try (Stream<Path> files = Files.find(classes, 20, (path, attributes) -> path.toString().endsWith(".class"))) {
            for (Path file : files.toList()) {
                found.addAll(references(Files.readAllBytes(file)));
            }
        }
        return found;
    }

    /** All references of the module that a class belongs to: a folder, or a jar once it is packaged. */
    private static List<Reference> references(Class<?> member) throws Exception {
        URI location = member.getProtectionDomain().getCodeSource().getLocation().toURI();
        if (Files.isDirectory(Path.of(location))) {
            return references(Path.of(location));
        }
        try (FileSystem jar = FileSystems.newFileSystem(Path.of(location))) {
            return references(jar.getPath("/"));
        }
    }

    private static boolean exists(Reference reference, ClassLoader loader) {
        Class<?> owner;
        try {
            owner = loader.loadClass(reference.owner().replace('/', '.'));
        } catch (ClassNotFoundException e) {
            return false;
        }
        Set<String> members = new HashSet<>();
        for (Method method : owner.getMethods()) {
            members.add(method.getName() + Type.getMethodDescriptor(method));
        }
        for (Constructor<?> constructor : owner.getConstructors()) {
            members.add("<init>" + Type.getConstructorDescriptor(constructor));
        }
        for (Field field : owner.getFields()) {
            members.add(field.getName() + Type.getDescriptor(field.getType()));
        }
        return members.contains(reference.member());
    }

    @ParameterizedTest
    @ValueSource(classes = {RunLog.class, Run.class})
    void itsGsonHasAllThatTheModuleCalls(Class<?> member) throws Exception {
        assertTrue(Files.exists(GSON), GSON + " is missing: run this test through Maven, which fetches it");
        List<Reference> references = references(member);
        assertTrue(references.size() > 3, "found only " + references);
        try (var loader = new URLClassLoader(new URL[] {GSON.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            assertEquals(List.of(), references.stream().filter(reference -> !exists(reference, loader)).toList(), "not in gson 2.8.5");
        }
    }
}
