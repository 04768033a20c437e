package org.adadiff.jupyter.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.adadiff.jupyter.kernel.KernelProcess.Executed;
import org.junit.jupiter.api.Test;

/** What cells declare and what becomes of it, through the wire. */
class DeclarationsTest extends SharedKernel {
    @Test
    void declarationsMayNeedEachOther() {
        assertEquals("7", ok("class Ping { Pong other; int n = 7; }\nclass Pong { Ping other; }\nnew Ping().n").text());
        Executed first = ok("int even(int n) { return n == 0 ? 1 : odd(n - 1); }");
        assertTrue(first.stream("stderr").contains("odd"), first.stream("stderr"));
        assertEquals("UnresolvedReferenceException", fails("even(2)").ename());
        ok("int odd(int n) { return n == 0 ? 0 : even(n - 1); }");
        assertEquals("1", ok("even(10)").text());
    }

    @Test
    void recordsSealedTypesAndTextBlocksWorkInOneCell() {
        String cell =
                """
                sealed interface Form permits Disc, Bar {}
                record Disc(double r) implements Form {}
                record Bar(double a, double b) implements Form {}
                double area(Form form) {
                    return form instanceof Disc d ? 3 * d.r() * d.r() : form instanceof Bar b ? b.a() * b.b() : 0;
                }
                String text = ""\"
                    two
                      lines""\";
                List.of(area(new Disc(1)), area(new Bar(2, 4)), text)
                """;
        assertEquals("[3.0, 8.0, two\n  lines]", ok(cell).text());
        assertEquals("[3.0, 8.0, two\n  lines]", ok(cell).text(), "and again");
    }

    /** JShell refuses them, as it makes the record public. */
    @Test
    void constructorsOfRecordsNeedNotBePublic() {
        ok("// ü\nrecord Compact(int n) {\n  Compact {\n    if (n < 0) throw new IllegalArgumentException(\"n\");\n  }\n}");
        assertEquals("Compact[n=1]", ok("new Compact(1)").text());
        assertTrue(fails("new Compact(-1)").traceback().contains(", line 4)"));
        ok("int before = 1;\n\nrecord Below(int n) {\n  Below { if (n < 0) throw new IllegalArgumentException(); }\n}");
        assertTrue(fails("new Below(-1)").traceback().contains(", line 4)"));
        ok("record Pair<A, B>(A a, B b) { Pair(A a, B b) { this.a = a; this.b = b; } Pair(A a) { this(a, null); } }");
        assertEquals("Pair[a=1, b=null]", ok("new Pair<>(1)").text());
        ok("class Outer { record One(int n) { One { } } record Two(int n) { @Deprecated Two { } } }");
        assertTrue(fails("record Hidden(int n) { private Hidden { } }").traceback().contains("invalid canonical constructor"));
    }

    @Test
    void classesAndMethodsCanBeRedefined() {
        ok("class Shape { int area() { return 1; } }\nint twice(int x) { return 2 * x; }");
        ok("class Shape { int area() { return 4; } }\nint twice(int x) { return x + x + 1; }");
        assertEquals("13", ok("new Shape().area() + twice(4)").text());
    }

    @Test
    void whatUsesARedefinedDeclarationUsesTheNewOne() {
        ok("class Scale { static int by() { return 2; } }");
        ok("class Scaled { int of(int x) { return x * Scale.by(); } }\nint scaled(int x) { return new Scaled().of(x); }");
        assertEquals("6", ok("scaled(3)").text());
        ok("class Scale { static int by() { return 10; } }");
        assertEquals("30", ok("scaled(3)").text());
        ok("static int twoOf(int x) { return x + x; }\nint throughIt(int x) { return twoOf(x); }");
        ok("static int twoOf(int x) { return 2 * x + 1; }");
        assertEquals("7", ok("throughIt(3)").text());
        ok("record Point(int x) {}");
        ok("record Point(int x, int y) {}");
        assertEquals("Point[x=1, y=2]", ok("new Point(1, 2)").text());
    }

    @Test
    void classesOfDifferentCellsMayNeedEachOther() {
        ok("class Hen { Egg lay() { return new Egg(); } }");
        ok("class Egg { Hen hatch() { return new Hen(); } }");
        assertEquals("Hen", ok("new Hen().lay().hatch().getClass().getSimpleName()").text());
    }

    @Test
    void streamsGenericsAndEnumsWork() {
        ok("enum Size { SMALL, LARGE }\ninterface Sized { default Size size() { return Size.SMALL; } }\n"
                + "<T extends Comparable<T>> T largest(Collection<T> all) { return all.stream().max(Comparator.naturalOrder()).orElseThrow(); }");
        assertEquals("LARGE", ok("largest(List.of(Size.SMALL, Size.LARGE))").text());
        assertEquals("4950", ok("java.util.stream.IntStream.range(0, 100).parallel().sum()").text());
        assertEquals("{1=[a, b], 2=[cc]}",
                ok("java.util.stream.Stream.of(\"a\", \"b\", \"cc\").collect(java.util.stream.Collectors.groupingBy(String::length))").text());
        assertEquals("SMALL", ok("new Sized() {}.size()").text());
    }

    @Test
    void evalSeesTheNotebookAndThrowsWhatTheCodeThrows() {
        ok("int base = 40;");
        assertEquals("42", ok("(int) eval(\"base + 2\")").text());
        String catching =
                "String caught = \"\";\n"
                        + "try { eval(\"1 / (base - 40)\"); } catch (ArithmeticException e) { caught = e.getMessage(); }\n";
        assertEquals("/ by zero", ok(catching + "caught").text());
    }

    @Test
    void loadRunsFilesAndNotebooksWithOrWithoutSuffix() throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        Files.writeString(tools.resolve("maths.java"), "int square(int x) { return x * x; }\n");
        Files.writeString(
                tools.resolve("book.ipynb"),
                """
                {"cells": [
                    {"cell_type": "markdown", "source": ["not code"]},
                    {"cell_type": "code", "source": ["int one = 1;\\n", "int two = 2;"]},
                    {"cell_type": "code", "source": "%load tools/maths\\nint four = square(two);"}
                ], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}
                """);
        assertEquals("9", ok("%load tools/maths.java\nsquare(3)").text());
        assertEquals("5", ok("%load tools/book\none + four").text());
        assertEquals("16", ok("if (true) {\n  %load tools/maths\n}\nsquare(4)").text());
        assertEquals("[]", ok("List<String> onTheNextLine =\n  %jars tools/*.jar\nonTheNextLine").text());
        Files.writeString(tools.resolve("marked.jshell"), "\uFEFFint marked = 7;\r\n");
        assertEquals("7", ok("%load tools/marked\nmarked").text(), "a byte order mark is no code");
        Executed missing = fails("%load tools/absent");
        assertTrue(missing.reply().get("evalue").getAsString().contains("tools/absent"), missing.traceback());
        Files.writeString(tools.resolve("wrong.jshell"), "int fine = 1;\nint x = 1 / 0;\n");
        assertTrue(fails("%load tools/wrong").traceback().contains("(wrong.jshell, line 2)"));
    }

    @Test
    void percentSignsThatAreNoMagicsStay() {
        assertEquals("%jars x 1", ok("String text = \"%jars x \" + 7 % 3;\n// %jars comment\ntext").text());
        assertEquals("1", ok("int seven = 7, three = 3;\nint rest = seven\n  %three;\nrest").text());
        Executed undefined = fails("%nosuchmagic 1");
        String message = undefined.reply().get("evalue").getAsString();
        assertTrue(message.startsWith("%nosuchmagic: no such magic; there are %addMavenDependencies "), message);
        assertTrue(message.contains(" %load "), message);
        message = fails("%%nosuchmagic\ntext").reply().get("evalue").getAsString();
        assertTrue(message.startsWith("%%nosuchmagic: no such magic; there are %%loadFromPOM"), message);
    }
}
