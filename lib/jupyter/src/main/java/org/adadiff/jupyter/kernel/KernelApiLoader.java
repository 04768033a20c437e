package org.adadiff.jupyter.kernel;

/**
 * What of the kernel a cell may see: the JDK, the base library with its renderers and magics, and this package. The kernel's own
 * libraries (Gson, ZeroMQ, Maven, SLF4J) stay hidden, so that a notebook's versions of them win.
 */
final class KernelApiLoader extends ClassLoader {
    private final ClassLoader kernel = KernelApiLoader.class.getClassLoader();

    KernelApiLoader() {
        super("kernel-api", ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (name.startsWith("io.github.spencerpark.") || name.startsWith(KernelApiLoader.class.getPackageName() + ".")) {
            return kernel.loadClass(name);
        }
        // Some modules of the JDK, jdk.jshell and jdk.compiler among them, belong to the application's loader
        boolean ofJdk = ModuleLayer.boot().modules().stream().anyMatch(module -> module.getPackages().contains(packageOf(name)));
        if (ofJdk) {
            return kernel.loadClass(name);
        }
        throw new ClassNotFoundException(name);
    }

    private static String packageOf(String className) {
        return className.substring(0, Math.max(0, className.lastIndexOf('.')));
    }
}
