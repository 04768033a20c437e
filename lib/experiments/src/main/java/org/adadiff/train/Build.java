package org.adadiff.train;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What the build wrote down of itself. */
public final class Build {
    private Build() {}

    /**
     * Returns the version of this software.
     *
     * @return Maven's version, such as {@code 0.1.0}
     */
    public static String version() {
        Properties properties = new Properties();
        try (InputStream in = Build.class.getResourceAsStream("build.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read build.properties beside " + Build.class, e);
        }
        return properties.getProperty("version");
    }
}
