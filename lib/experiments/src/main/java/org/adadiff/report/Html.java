package org.adadiff.report;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** Text made safe for HTML elements and attributes. */
final class Html {
    private Html() {
    }

    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }

    /** A link to a file or folder, relative to the folder that the page lies in. */
    static String link(String text, Path target, Path page) {
        return "<a href=\"" + escape(address(target, page)) + "\">" + escape(text) + "</a>";
    }

    /** Where a file or folder lies, seen from the folder of a page. */
    static String address(Path target, Path page) {
        Path relative = page.toAbsolutePath().normalize().relativize(target.toAbsolutePath().normalize());
        try {
            // A path alone, without scheme: the three-argument constructor encodes blanks and the like
            return new URI(null, null, relative.toString().replace('\\', '/'), null).getRawPath();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("a link to " + target + " from " + page + ": expected a path, found " + relative, e);
        }
    }
}
