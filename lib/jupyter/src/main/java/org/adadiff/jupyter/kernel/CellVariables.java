package org.adadiff.jupyter.kernel;

import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Where the variables of a notebook stand. JShell puts each declaration into a class of its own, and never lets go of those that have
 * been declared anew: without more ado, a cell that is run again would keep what it held before.
 */
final class CellVariables {
    private static final int UNNAMED_KEPT = 3;

    private final Map<String, Class<?>> holders = new HashMap<>();
    private final Deque<String> unnamed = new ArrayDeque<>();

    /** A variable has been declared, in this class, or in one that is not known; what an older declaration of it held is released. */
    void declared(String name, Class<?> holder) {
        // For the very same declaration JShell runs the same class again
        if (holders.get(name) != holder) {
            release(name);
        }
        if (holder != null) {
            holders.put(name, holder);
        }
    }

    /** The value of an expression; JShell gives it a name that nobody sees. Only the latest ones are kept. */
    void unnamed(String name, Class<?> holder) {
        declared(name, holder);
        unnamed.add(name);
        if (unnamed.size() > UNNAMED_KEPT) {
            release(unnamed.remove());
        }
    }

    /** Lets go of what a variable holds. */
    void release(String name) {
        Class<?> holder = holders.remove(name);
        if (holder == null) {
            return;
        }
        try {
            Field field = holder.getDeclaredField(name);
            if (!field.getType().isPrimitive()) {
                field.setAccessible(true);
                field.set(null, null);
            }
        } catch (ReflectiveOperationException e) {
            KernelLog.warn("the value of " + name + " is not released: " + e);
        }
    }
}
