package org.adadiff.jupyter.kernel;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds the classes that cells declare and the jars that a notebook adds; below them stand the jars that the kernel was started with.
 * So a notebook that asks for another version of a library gets it, as long as it has not used the one that was there. What has been
 * used stays whole: classes of one package that stand in different loaders cannot reach each other.
 */
final class CellClassLoader extends URLClassLoader {
    static {
        // Two loaders that ask each other must not lock each other
        registerAsParallelCapable();
    }

    private final Map<String, byte[]> compiled = new ConcurrentHashMap<>();
    private final InitialLoader initial;
    private volatile boolean newPaths = true;

    /** @param initial what the kernel was started with */
    CellClassLoader(URL[] initial) {
        super("cells", new URL[0], new KernelApiLoader());
        this.initial = new InitialLoader(initial, this);
    }

    /** Whether a class is a cell's or of one of the jars that cells see. */
    static boolean hasLoaded(Class<?> type) {
        return type.getClassLoader() instanceof CellClassLoader || type.getClassLoader() instanceof InitialLoader;
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
        if (bytes != null) {
            return defineClass(name, bytes, 0, bytes.length);
        }
        String place = initial.placeOf(name);
        if (initial.inUse.contains(place)) {
            return initial.find(name, place);
        }
        try {
            return super.findClass(name);
        } catch (ClassNotFoundException e) {
            return initial.find(name, place);
        }
    }

    @Override
    public URL findResource(String name) {
        URL added = super.findResource(name);
        return added == null ? initial.findResource(name) : added;
    }

    @Override
    public Enumeration<URL> findResources(String name) throws IOException {
        List<URL> all = new ArrayList<>(Collections.list(super.findResources(name)));
        all.addAll(Collections.list(initial.findResources(name)));
        return Collections.enumeration(all);
    }

    /** The jars that the kernel was started with. What their classes need is searched in the order that holds for cells. */
    private static final class InitialLoader extends URLClassLoader {
        static {
            registerAsParallelCapable();
        }

        private final CellClassLoader cells;
        private final Set<String> inUse = ConcurrentHashMap.newKeySet();

        InitialLoader(URL[] urls, CellClassLoader cells) {
            super("initial", urls, null);
            this.cells = cells;
        }

        Class<?> find(String name, String place) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                Class<?> found = loaded == null ? findClass(name) : loaded;
                inUse.add(place);
                return found;
            }
        }

        /** The jar or folder that has the class; empty if none has. */
        String placeOf(String className) {
            String file = className.replace('.', '/') + ".class";
            URL url = findResource(file);
            return url == null ? "" : url.toString().substring(0, url.toString().length() - file.length());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            return cells.loadClass(name, resolve);
        }

        @Override
        public URL getResource(String name) {
            return cells.getResource(name);
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            return cells.getResources(name);
        }
    }
}
