package org.adadiff.dataset;

import java.io.IOException;
import java.nio.file.Path;

/** A data file is missing or is not what it should be. The message names the file, what was expected and what was found. */
public final class DataFileException extends IOException {
    private static final long serialVersionUID = 1L;

    /** How to get the data: the end of every message about something missing. */
    static final String HOW_TO_GET = "run `adadiff data fetch` for the real data, or `adadiff data sample` for a small generated set";

    DataFileException(String message) {
        super(message);
    }

    static DataFileException damaged(Path file, String expected, String found) {
        return new DataFileException(file + ": expected " + expected + ", found " + found);
    }

    static DataFileException missing(Path file) {
        return new DataFileException(file + ": expected a file, found none; " + HOW_TO_GET);
    }
}
