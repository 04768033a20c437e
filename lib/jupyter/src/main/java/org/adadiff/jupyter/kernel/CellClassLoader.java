package org.adadiff.jupyter.kernel;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Holds the classes that cells declare, and the jars that a notebook adds. */
final class CellClassLoader extends URLClassLoader {
    private final Map<String, byte[]> compiled = new ConcurrentHashMap<>();
    private volatile boolean newPaths;

    CellClassLoader() {
        super("cells", new URL[0], new KernelApiLoader());
    }

    void add(String className, byte[] bytes) {
        compiled.put(className, bytes);
    }

    @Override
    public void addURL(URL url) {
        super.addURL(url);
        newPaths = true;
    }

    /** Whether jars or folders have been added since the last call. */
    boolean hasNewPaths() {
        boolean were = newPaths;
        newPaths = false;
        return were;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = compiled.remove(name);
        return bytes == null ? super.findClass(name) : defineClass(name, bytes, 0, bytes.length);
    }
}
