package org.adadiff.jupyter.runner;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** What all HTML pages share. */
final class Html {
    private static final String STYLE = """
            :root { color-scheme: light dark; }
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
            pre, code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 0.85rem; }
            pre { overflow-x: auto; padding: 0.6rem 0.8rem; margin: 0.4rem 0; }
            .code { background: #8881; border-left: 3px solid #8886; }
            .count { color: #888; font-size: 0.75rem; float: right; margin: 0.2rem 0 0 0.5rem; }
            .error { border-left: 3px solid #c0392b; }
            .failed > .code { border-color: #c0392b; }
            .banner { border: 1px solid #c0392b; padding: 0 1rem; margin: 1rem 0; }
            .stderr { background: #c0392b18; }
            img, svg { max-width: 100%; height: auto; }
            table { border-collapse: collapse; margin: 0.5rem 0; }
            th, td { border: 1px solid #8886; padding: 0.2rem 0.6rem; text-align: left; }
            .math { font-family: ui-monospace, monospace; white-space: pre-wrap; }
            .passed { color: #1e8449; } .bad { color: #c0392b; } .none { color: #888; }
            """;

    /** What stands behind a page's content. */
    static final String FOOT = "</body>\n</html>\n";

    private Html() {}

    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    /** A file's name as the address of a link; a {@code #} or {@code %} in it means itself. */
    static String link(String file) {
        return URLEncoder.encode(file, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
    }

    /** What stands before a page's content. */
    static String head(String title) {
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" + escape(title)
                + "</title>\n<style>\n" + STYLE + "</style>\n</head>\n<body>\n";
    }

    static String preformatted(String cssClass, String html) {
        return "<pre class=\"" + cssClass + "\">" + html + "</pre>\n";
    }
}
