package org.adadiff.jupyter.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text for a terminal, with its colour codes and carriage returns, made fit for other places. */
final class AnsiText {
    private static final Pattern ESCAPE = Pattern.compile("\u001B(?:\\[([0-9;:?]*)[ -/]*([@-~])|\\][^\u0007\u001B]*(?:\u0007|\u001B\\\\)|[@-Z\\\\^_])");
    private static final String[] COLOURS = {"#333", "#c0392b", "#1e8449", "#9a7d0a", "#2471a3", "#884ea0", "#148f77", "#777"};

    private AnsiText() {}

    /** The text alone. */
    static String plain(String text) {
        return ESCAPE.matcher(text).replaceAll("");
    }

    /** The text as HTML, in colour, and with each line as the last carriage return left it. */
    static String html(String text) {
        String settled = settle(text);
        StringBuilder html = new StringBuilder();
        Style style = new Style();
        Matcher matcher = ESCAPE.matcher(settled);
        int done = 0;
        while (matcher.find()) {
            style.write(settled.substring(done, matcher.start()), html);
            done = matcher.end();
            if ("m".equals(matcher.group(2))) {
                style.apply(matcher.group(1));
            }
        }
        style.write(settled.substring(done), html);
        return html.toString();
    }

    /** What a terminal shows in the end when a progress bar has written over its line many times. */
    private static String settle(String text) {
        if (text.indexOf('\r') < 0) {
            return text;
        }
        List<String> lines = new ArrayList<>();
        for (String line : text.replace("\r\n", "\n").split("\n", -1)) {
            String last = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            lines.add(last.substring(last.lastIndexOf('\r') + 1));
        }
        return String.join("\n", lines);
    }

    private static final class Style {
        private boolean bold;
        private boolean italic;
        private boolean underlined;
        private String foreground = "";
        private String background = "";

        void write(String text, StringBuilder html) {
            if (text.isEmpty()) {
                return;
            }
            String css = (bold ? "font-weight:bold;" : "") + (italic ? "font-style:italic;" : "")
                    + (underlined ? "text-decoration:underline;" : "")
                    + (foreground.isEmpty() ? "" : "color:" + foreground + ";")
                    + (background.isEmpty() ? "" : "background:" + background + ";");
            if (css.isEmpty()) {
                html.append(Html.escape(text));
            } else {
                html.append("<span style=\"").append(css).append("\">").append(Html.escape(text)).append("</span>");
            }
        }

        void apply(String parameters) {
            String[] words = parameters.split("[;:]");
            for (int i = 0; i < words.length; i++) {
                int code = number(words, i);
                switch (code) {
                    case 0 -> {
                        bold = italic = underlined = false;
                        foreground = background = "";
                    }
                    case 1 -> bold = true;
                    case 3 -> italic = true;
                    case 4 -> underlined = true;
                    case 22 -> bold = false;
                    case 23 -> italic = false;
                    case 24 -> underlined = false;
                    case 38, 48 -> {
                        boolean indexed = number(words, i + 1) == 5;
                        String colour = indexed
                                ? indexed(number(words, i + 2))
                                : rgb(number(words, i + 2), number(words, i + 3), number(words, i + 4));
                        foreground = code == 38 ? colour : foreground;
                        background = code == 48 ? colour : background;
                        i += indexed ? 2 : 4;
                    }
                    case 39 -> foreground = "";
                    case 49 -> background = "";
                    default -> {
                        int tens = code / 10;
                        boolean colour = code % 10 < COLOURS.length;
                        if (colour && (tens == 3 || tens == 9)) {
                            foreground = COLOURS[code % 10];
                        } else if (colour && (tens == 4 || tens == 10)) {
                            background = "color-mix(in srgb, " + COLOURS[code % 10] + " 25%, transparent)";
                        }
                    }
                }
            }
        }

        private static int number(String[] words, int i) {
            try {
                return i < words.length && !words[i].isEmpty() ? Integer.parseInt(words[i]) : 0;
            } catch (NumberFormatException privateUse) {
                return 0;
            }
        }

        /** Of the terminal's 256 colours: 16 named ones, a cube of 6x6x6, 24 greys. */
        private static String indexed(int index) {
            if (index < 16) {
                return COLOURS[index % 8];
            }
            if (index >= 232) {
                int grey = 8 + 10 * (index - 232);
                return rgb(grey, grey, grey);
            }
            int cube = index - 16;
            return rgb(level(cube / 36), level(cube / 6 % 6), level(cube % 6));
        }

        private static int level(int step) {
            return step == 0 ? 0 : 55 + 40 * step;
        }

        private static String rgb(int red, int green, int blue) {
            return String.format("rgb(%d,%d,%d)", red, green, blue);
        }
    }
}
