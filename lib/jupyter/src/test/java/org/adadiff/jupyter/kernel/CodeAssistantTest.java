package org.adadiff.jupyter.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

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
