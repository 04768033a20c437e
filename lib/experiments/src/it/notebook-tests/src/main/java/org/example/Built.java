package org.example;

/** What a notebook of this build calls. */
public final class Built {
    private Built() {}

    public static String where() {
        return "built here";
    }
}
