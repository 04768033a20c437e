package org.adadiff.jupyter.kernel;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Completion, inspection and completeness, through the wire. */
class CodeAssistantTest extends SharedKernel {
    @Test
    void completionGivesMembersAndMagics() {
        JsonObject request = new JsonObject();
        request.addProperty("code", "String 𝕏 = \"\";\n𝕏.toUpp");
        request.addProperty("cursor_pos", 22);
        JsonObject reply = kernel.request("complete_request", request);
        assertTrue(reply.getAsJsonArray("matches").toString().contains("toUpperCase("), reply.toString());
        assertEquals(17, reply.get("cursor_start").getAsInt(), reply.toString());
        request.addProperty("code", "%lo");
        request.addProperty("cursor_pos", 3);
        reply = kernel.request("complete_request", request);
        assertTrue(reply.getAsJsonArray("matches").toString().contains("\"load\""), reply.toString());
    }

    /** The end of each asks for the members of a string. */
    @Test
    void completionTellsMagicsFromFormats() {
        for (String code : List.of("System.out.printf(\"\\tn=%d%n\", 1);\n\"a\".toUpp", "List<String> $a = %jars x\n\"a\".toUpp",
                "List<String> $b =\n  %jars x\n\"a\".toUpp", "%%loadFromPOM\n\"a\".toUpp",
                "%sleep\n\"a\".toUpp", "String s = \"n=%d\" + \"a\".toUpp", "int rest = 7\n  % Math.abs(3);\n\"a\".toUpp",
                "String s = \"\"\"\n  %load x\n  \"\"\" + \"a\".toUpp", "/*\n  n = %x \"\n*/ \"a\".toUpp")) {
            JsonObject request = new JsonObject();
            request.addProperty("code", code);
            request.addProperty("cursor_pos", code.length());
            JsonObject reply = kernel.request("complete_request", request);
            assertEquals("[\"toUpperCase(\"]", reply.getAsJsonArray("matches").toString(), code);
            assertEquals(code.length() - "toUpp".length(), reply.get("cursor_start").getAsInt(), code);
        }
    }

    private static List<String> matches(String code) {
        return matches(kernel, code);
    }

    private static List<String> matches(KernelProcess kernel, String code) {
        JsonObject request = new JsonObject();
        request.addProperty("code", code);
        request.addProperty("cursor_pos", code.codePointCount(0, code.length()));
        JsonObject reply = kernel.request("complete_request", request);
        List<String> matches = new ArrayList<>();
        reply.getAsJsonArray("matches").forEach(match -> matches.add(match.getAsString()));
        return matches;
    }

    @Test
    void namesThatTheKernelHasMadeAreNotOffered() {
        ok("int meth(int n) { return n; }\nint $mine = 1;");
        ok("1 + 1");
        ok("meth(1);");
        for (String code : List.of("", "meth(", "int a = 1;\n", "int a = 1;\nmeth(", "$")) {
            List<String> names = matches(code).stream().filter(name -> name.contains("$")).toList();
            assertEquals(List.of("$mine"), names, code);
        }
    }

    /** None of it is run, nor declared. */
    @Test
    void namesThatTheCellDeclaresAboveTheCursorAreOffered() {
        Map<String, String> matchByCode = Map.ofEntries(
                entry("String query = \"a\";\nqu", "[query]"),
                entry("final static String query = \"a\"; // why\nqu", "[query]"),
                entry("var query = \"a\"; // why\nquery.toUpp", "[toUpperCase(]"),
                entry("String query = \"a\";\nfor (String q : query.split(\"\")) {\n  qu", "[query]"),
                entry("String query = \"a\";\nquery.substring(1).toUpp", "[toUpperCase(]"),
                entry("class Foo { void barr(){} }\nFoo foo = new Foo();\nfoo.ba", "[barr()]"),
                entry("record Pair(int left, int right) {}\nPair pair = new Pair(1, 2);\npair.le", "[left, left()]"),
                entry("int unseen(int n) { return n; }\nunse", "[unseen(]"),
                entry("class Foo { void barr(){} }\nFoo made() { return new Foo(); }\nvar foo = made();\nfoo.ba", "[barr()]"),
                entry("class Foo { void barr(){} }\nvoid use(Foo given) {\n  given.ba", "[barr()]"),
                entry("class Foo { void barr(){} }\nint 𝕏 = 1;\nFoo 𝕐ou = new Foo();\n𝕐ou.ba", "[barr()]"),
                entry("import java.util.stream.*;\nint 𝕏𝕐query = 1;\n𝕏𝕐qu", "[𝕏𝕐query]"),
                entry("import java.util.stream.*;\nvar text = \"\";\ntext.\n  Strea", "[]"),
                entry("int seven = 7;\nSystem.exit(seven);\n%sleep 1\nint eight = sev", "[seven]"));
        matchByCode.forEach((code, match) -> assertEquals(match, matches(code).stream().distinct().toList().toString(), code));
        assertEquals("error", kernel.execute("seven").status());
    }

    @Test
    void namesThatTheCellImportsAboveTheCursorAreOffered() {
        Map<String, String> matchByCode = Map.of(
                "import java.util.stream.*;\nStream.gener", "generate(",
                "import java.util.stream.*;\nStream<String> all = Stream.of(\"Stream.\");\nall.filt", "filter(",
                "import java.util.stream.Stream;\nStream.of(1).filt", "filter(",
                "import java.util.stream.*;\nStrea", "StreamSupport",
                "import java.util.stream.IntStream;\nIntStre", "IntStream",
                "import java.nio.file.Path;\nPath at(String s) { return Path.of(s); }\nat(\"x\").toAbs", "toAbsolutePath()");
        matchByCode.forEach((code, match) -> assertTrue(matches(code).contains(match), code + ": " + matches(code)));
        assertEquals(List.of(), matches("import java.util.stream.IntStream;\nDoubleStre"));
    }

    /** JShell lists all classes there are in the background, from the first completion on: that took 0.9 to 2.4 s. */
    @ParameterizedTest
    @MethodSource("jdks")
    void packagesAreOfferedFromTheStart(Path jdk) throws IOException {
        try (KernelProcess fresh = KernelProcess.start(jdk, Files.createDirectories(folder.resolve("fresh")), Map.of())) {
            assertEquals(List.of("util."), matches(fresh, "java.ut"));
            assertEquals(List.of("util."), matches(fresh, "import java.ut"));
            assertEquals(List.of("util."), matches(fresh, "int a = 1;\nimport java.ut"));
            assertEquals(List.of(), matches(fresh, "nothing.ut"));
        }
    }

    static List<Path> jdks() throws IOException {
        return KernelProcess.jdks();
    }

    @Test
    void magicsThatTakeFilesAreOfferedTheirNames() throws IOException {
        Files.createFile(Files.createDirectories(folder.resolve("scripts")).resolve("utils.jshell"));
        Files.createFile(folder.resolve("scripts/.utils"));
        Files.createFile(folder.resolve("scripts/ut two"));
        for (String code : List.of("%load scripts/ut", "List<String> l = %jars x.jar scripts/ut", "%classpath ./scripts/")) {
            assertEquals(List.of("utils.jshell"), matches(code), code);
        }
        assertEquals(List.of("scripts/"), matches("%load scr"));
        for (String code : List.of("%load none/ut", "%sleep scr", "// %load scr", "String s = \"\"\"\n%load scr", "%load scripts/\0")) {
            assertEquals(List.of(), matches(code), code);
        }
    }

    @Test
    void nothingIsOfferedInTextsCommentsAndArguments() {
        for (String code : List.of("%load none/St", "%sleep St", "List<String> l = %jars none/St", "%unknown St",
                "// St", "int a = 1; // ", "/* ", "/* a\n * St", "/** {@link St", "String s = \"", "String s = \"St", "f(\"a\", \"St",
                "String s = \"\"\"\n  ", "String s = \"\"\"\n  St", "char c = '", "%%loadFromPOM\n// St", "%%loadFromPOM x", "// %lo", "\" = %lo")) {
            assertEquals(List.of(), matches(code), code);
        }
        for (String code : List.of("/* St */ Syst", "// St\nSyst", "\"\\\"\" + Syst", "'\"' + Syst", "1 / 2 + Syst", "%sleep 1\nSyst")) {
            assertTrue(matches(code).contains("System"), code);
        }
    }

    @Test
    void inspectionShowsTheSignature() {
        JsonObject request = new JsonObject();
        request.addProperty("code", "\"a\".indexOf(\"b\")");
        request.addProperty("cursor_pos", 8);
        JsonObject reply = kernel.request("inspect_request", request);
        assertTrue(reply.get("found").getAsBoolean(), reply.toString());
        assertTrue(reply.getAsJsonObject("data").get("text/plain").getAsString().contains("indexOf"), reply.toString());
    }

    /** Each of these letters is two characters of a Java string. */
    @Test
    void positionsMayStandWithinLettersOfTwoCharacters() {
        ok("int 𝕏𝕐𝕏 = 7;");
        JsonObject request = new JsonObject();
        request.addProperty("code", "𝕏𝕐𝕏 + 1");
        for (int cursor = 0; cursor <= 3; cursor++) {
            request.addProperty("cursor_pos", cursor);
            JsonObject reply = kernel.request("inspect_request", request);
            assertTrue(reply.toString().contains("𝕏𝕐𝕏:int"), reply.toString());
        }
        request.addProperty("code", "𝕏𝕐");
        request.addProperty("cursor_pos", 1);
        JsonObject reply = kernel.request("complete_request", request);
        assertTrue(reply.getAsJsonArray("matches").toString().contains("\"𝕏𝕐𝕏\""), reply.toString());
        assertEquals(0, reply.get("cursor_start").getAsInt(), reply.toString());
    }

    @Test
    void inspectionShowsJavadocWhereTheJdkHasItsSources() {
        Path sources = Path.of(System.getProperty("java.home"), "lib", "src.zip");
        assumeTrue(Files.isReadable(sources), "no " + sources);
        JsonObject request = new JsonObject();
        request.addProperty("code", "Math.max(1, 2)");
        request.addProperty("cursor_pos", 6);
        String text = kernel.request("inspect_request", request).getAsJsonObject("data").get("text/plain").getAsString();
        assertTrue(text.contains("Returns the greater of two int values."), text);
    }

    @Test
    void cellThatOnlyAsksIsAnsweredBesideTheNotebook() {
        for (String question : List.of("Math.max?", " ?Math.max ", "\"a\".indexOf??")) {
            JsonObject page = ok(question).reply().getAsJsonArray("payload").get(0).getAsJsonObject();
            assertEquals("page", page.get("source").getAsString());
            String name = question.replaceAll("[?\\s]", "").replaceAll(".*\\.", "");
            assertTrue(page.getAsJsonObject("data").get("text/plain").getAsString().contains(name + "("), page.toString());
        }
        assertEquals("yes", ok("true ? \"yes\" : \"no?\"").text());
        assertEquals(0, ok("1").reply().getAsJsonArray("payload").size());
    }

    @Test
    void completenessIsTold() {
        assertEquals("complete", isComplete("int x = 1;"));
        assertEquals("incomplete", isComplete("for (int i = 0; i < 3; i++) {"));
        assertEquals("invalid", isComplete("int = = ;"));
        assertEquals("complete", isComplete("%jars *.jar"));
    }

    @Test
    void indentationOfTheNextLineFollowsTheLast() {
        assertEquals("  ", completeness("for (;;) {").get("indent").getAsString());
        assertEquals("      ", completeness("class A {\n    void f() {").get("indent").getAsString());
        assertEquals("    ", completeness("class A {\n    int x;").get("indent").getAsString());
    }

    private static String isComplete(String code) {
        return completeness(code).get("status").getAsString();
    }

    private static JsonObject completeness(String code) {
        JsonObject request = new JsonObject();
        request.addProperty("code", code);
        return kernel.request("is_complete_request", request);
    }
}
