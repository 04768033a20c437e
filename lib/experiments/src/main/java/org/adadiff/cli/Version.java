package org.adadiff.cli;

import org.adadiff.train.Build;
import picocli.CommandLine.IVersionProvider;

/** What {@code adadiff --version} prints. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"adadiff " + Build.version()};
    }
}
