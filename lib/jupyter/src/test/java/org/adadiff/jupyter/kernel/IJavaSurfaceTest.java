package org.adadiff.jupyter.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import org.adadiff.jupyter.kernel.KernelProcess.Executed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What notebooks written for IJava 1.3.0 rely on, through the wire; jars and Maven are ClassPathMagicsTest's. */
class IJavaSurfaceTest {
    @TempDir static Path folder;
    static KernelProcess kernel;

    @BeforeAll
    static void startKernel() throws IOException {
        Files.writeString(folder.resolve("start1.jshell"), "int one = 1;");
        Files.writeString(folder.resolve("start2.jshell"), "int two = one + 1;");
        kernel = KernelProcess.start(folder, Map.of(
                "IJAVA_STARTUP_SCRIPTS_PATH", "start*.jshell",
                "IJAVA_STARTUP_SCRIPT", "int three() { return one + two; }",
                "IJAVA_COMPILER_OPTS", "-parameters --enable-preview --release " + Runtime.version().feature()), "--enable-preview");
    }

    @AfterAll
    static void stopKernel() {
        kernel.close();
    }

    private static Executed ok(String code) {
        Executed executed = kernel.execute(code);
        assertEquals("ok", executed.status(), () -> code + "\n" + executed.ename() + "\n" + executed.traceback());
        return executed;
    }

    private static JsonObject shown(Executed executed, String type) {
        return executed.contents(type).get(0).getAsJsonObject("data");
    }

    @Test
    void packagesImportedFromTheStart() {
        ok("Map<String, List<Integer>> util = new TreeMap<>();\n"
                + "File io = new File(\".\"); // hides the package of that name\n"
                + "BigInteger math = BigInteger.TWO;\n"
                + "URI net = URI.create(\"file:/\");\n"
                + "Callable<Integer> concurrent = () -> 1;\n"
                + "Class<?> prefs = Preferences.class;\n"
                + "Pattern regex = Pattern.compile(\"a\");");
    }

    @Test
    void toImportThemAgainTakesNothingAway() {
        ok("import java.util.*;\nimport static io.github.spencerpark.ijava.runtime.Display.*;\nimport java.lang.*;");
        assertEquals("{1=x}", ok("Map<BigInteger, String> again = new TreeMap<>();\nagain.put(BigInteger.ONE, \"x\");\nagain").text());
        assertEquals("2", ok("Pattern.compile(\",\").split(\"a,b\").length").text());
    }

    @Test
    void printfIsAFunction() {
        assertEquals("1.50 ok", ok("printf(\"%.2f %s\", 1.5, \"ok\");").stream("stdout"));
    }

    @Test
    void renderGivesDataThatAreShownAsTheyAre() {
        JsonObject data = shown(ok("String md = \"**bold**\";\nrender(md, \"text/markdown\", \"text/html\")"), "execute_result");
        assertEquals("**bold**", data.get("text/markdown").getAsString());
        assertEquals("**bold**", data.get("text/html").getAsString());
        assertEquals("**bold**", data.get("text/plain").getAsString(), "text is always there");
        ok("io.github.spencerpark.jupyter.kernel.display.DisplayData plain = render(5);");
        assertEquals("5", shown(ok("plain"), "execute_result").get("text/plain").getAsString());
    }

    @Test
    void displayShowsAtOnceAndReturnsTheIdForUpdates() {
        Executed executed = ok("String shown = display(\"<b>3</b>\", \"text/html\");\nupdateDisplay(shown, 2);\nshown");
        assertEquals("<b>3</b>", shown(executed, "display_data").get("text/html").getAsString());
        assertEquals("2", shown(executed, "update_display_data").get("text/plain").getAsString());
        assertEquals(executed.text(),
                executed.contents("update_display_data").get(0).getAsJsonObject("transient").get("display_id").getAsString());
    }

    @Test
    void streamsOfTheBaseLibraryReachTheFrontend() {
        Executed executed = ok("var io = getKernelInstance().getIO();\n"
                + "var data = render(\"first\");\n"
                + "data.setDisplayId(\"own-id\");\n"
                + "io.display.display(data);\n"
                + "io.display.updateDisplay(\"own-id\", render(\"second\"));\n"
                + "io.out.println(\"printed\");\n"
                + "io.err.println(\"complained\");");
        assertEquals("first", shown(executed, "display_data").get("text/plain").getAsString());
        assertEquals("second", shown(executed, "update_display_data").get("text/plain").getAsString());
        assertEquals("printed\n", executed.stream("stdout"));
        assertEquals("complained\n", executed.stream("stderr"));
    }

    /** A length that is no multiple of three shows whether the end of the Base64 text is there. */
    @Test
    void imagesShowAsWholePicturesInEachFormat() throws IOException {
        String made = "new java.awt.image.BufferedImage(%d, 3, java.awt.image.BufferedImage.%s)";
        Set<Integer> remainders = new HashSet<>();
        for (String type : List.of("TYPE_INT_RGB", "TYPE_INT_ARGB")) {
            for (int width : List.of(1, 2, 3, 40, 300)) {
                String image = String.format(made, width, type);
                byte[] png = picture(ok(image), "image/png", width);
                assertEquals("IEND\u00aeB`\u0082", new String(png, png.length - 8, 8, StandardCharsets.ISO_8859_1), image);
                remainders.add(png.length % 3);
                byte[] jpeg = picture(ok("render(" + image + ", \"image/jpeg\")"), "image/jpeg", width);
                assertEquals(0xd9, jpeg[jpeg.length - 1] & 0xff, image);
                byte[] gif = picture(ok("render(" + image + ", \"image/gif\")"), "image/gif", width);
                assertEquals(';', gif[gif.length - 1], image);
            }
        }
        assertTrue(remainders.size() > 1, "lengths of several kinds: " + remainders);
    }

    private static byte[] picture(Executed executed, String type, int width) throws IOException {
        JsonObject data = shown(executed, "execute_result");
        byte[] bytes = Base64.getMimeDecoder().decode(data.get(type).getAsString());
        assertEquals(width, ImageIO.read(new ByteArrayInputStream(bytes)).getWidth(), data.toString());
        return bytes;
    }

    @Test
    void streamShowsAsThePictureThatItHoldsOrAsText() throws IOException {
        ok("var bytes = new ByteArrayOutputStream();\n"
                + "javax.imageio.ImageIO.write(new java.awt.image.BufferedImage(7, 1, 1), \"png\", bytes);");
        picture(ok("new ByteArrayInputStream(bytes.toByteArray())"), "image/png", 7);
        JsonObject data = shown(ok("new ByteArrayInputStream(\"text\".getBytes())"), "execute_result");
        assertEquals(Set.of("text/plain"), data.keySet());
    }

    @Test
    void addressShowsAsALink() {
        JsonObject data = shown(ok("new URL(\"http://x.y/z.png?a=1&b=<2>\\\"\")"), "execute_result");
        String escaped = "http://x.y/z.png?a=1&amp;b=&lt;2&gt;&quot;";
        assertEquals("<a href=\"" + escaped + "\">" + escaped + "</a>", data.get("text/html").getAsString());
        assertEquals("http://x.y/z.png?a=1&b=<2>\"", data.get("text/plain").getAsString());
        data = shown(ok("getKernelInstance().getRenderer().render(new URL(\"http://x.y/z.png\"), Map.of(\"url.html.tag\", \"img\"))"), "execute_result");
        assertEquals("<img src=\"http://x.y/z.png\">", data.get("text/html").getAsString());
    }

    @Test
    void registeredRendererWinsAndItsPreferredTypesAreShown() {
        ok("import io.github.spencerpark.ijava.IJava;\n"
                + "import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;\n"
                + "record Money(int cents) {}\n"
                + "IJava.getKernelInstance().getRenderer().createRegistration(Money.class)\n"
                + "    .preferring(MIMEType.TEXT_HTML).supporting(MIMEType.TEXT_LATEX)\n"
                + "    .register((money, context) -> {\n"
                + "        context.renderIfRequested(MIMEType.TEXT_HTML, () -> \"<i>\" + money.cents() + \"</i>\");\n"
                + "        context.renderIfRequested(MIMEType.TEXT_LATEX, () -> \"$\" + money.cents() + \"$\");\n"
                + "    });");
        JsonObject preferred = shown(ok("new Money(5);"), "execute_result");
        assertEquals("<i>5</i>", preferred.get("text/html").getAsString());
        assertEquals("Money[cents=5]", preferred.get("text/plain").getAsString());
        assertTrue(!preferred.has("text/latex"), preferred.toString());
        assertEquals("$5$", shown(ok("render(new Money(5), \"text/latex\")"), "execute_result").get("text/latex").getAsString());
    }

    @Test
    void rendererForAnotherVersionOfALibraryLeavesTheText() {
        ok("import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;\n"
                + "record Renamed(int n) {}\n"
                + "getKernelInstance().getRenderer().createRegistration(Renamed.class).preferring(MIMEType.TEXT_HTML)\n"
                + "    .register((renamed, context) -> { throw new NoSuchMethodError(\"old()\"); });");
        Executed executed = ok("new Renamed(1)");
        assertEquals("Renamed[n=1]", executed.text());
        assertTrue(executed.stream("stderr").contains("NoSuchMethodError: old()"), executed.stream("stderr"));
    }

    @Test
    void displayDataRenderableNeedsNoRegistration() {
        ok("import io.github.spencerpark.jupyter.kernel.display.*;\n"
                + "import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;\n"
                + "class Picture implements DisplayDataRenderable {\n"
                + "    public Set<MIMEType> getSupportedRenderTypes() {\n"
                + "        return Set.of(MIMEType.IMAGE_SVG);\n"
                + "    }\n"
                + "    public void render(RenderContext context) {\n"
                + "        context.renderIfRequested(MIMEType.IMAGE_SVG, () -> \"<svg/>\");\n"
                + "    }\n"
                + "}");
        assertEquals("<svg/>", shown(ok("new Picture()"), "execute_result").get("image/svg+xml").getAsString());
    }

    @Test
    void kernelInstanceIsOneWhateverTheWayToIt() {
        assertEquals("true", ok("getKernelInstance() == io.github.spencerpark.ijava.IJava.getKernelInstance()").text());
        assertEquals("7", ok("(int) getKernelInstance().evalRaw(\"3 + 4\")").text());
        assertEquals("8", ok("(int) eval(\"3 + 4\") + 1").text());
        assertEquals("[x]", ok("getKernelInstance().getMagics().registerLineMagic(\"echo\", words -> words);\n%echo x").text());
    }

    @Test
    void magicsOfTheBaseLibraryCanBeRegisteredAndUsedInTheSameCell() {
        String cell = "import io.github.spencerpark.jupyter.kernel.magic.common.Shell;\n"
                + "getKernelInstance().getMagics().registerMagics(Shell.class);\n"
                + "List<String> printed = %sh echo two words\n"
                + "printed.get(0)";
        assertEquals("two words", ok(cell).text());
    }

    @Test
    void magicsAreFunctionsToo() throws IOException {
        Files.createDirectories(folder.resolve("called"));
        assertEquals("1", ok("List<String> paths = lineMagic(\"classpath\", List.of(\"called\"));\npaths.size()").text());
        ok("getKernelInstance().getMagics().registerCellMagic(\"count\", (words, body) -> words.size() + body.length());");
        assertEquals("5", ok("int counted = cellMagic(\"count\", List.of(\"a\", \"b\"), \"abc\");\ncounted").text());
        assertEquals("6", ok("%%count \"one word\"\nabcde").text());
        assertEquals("3", ok("lineMagic(\"load\", List.of(\"start2\"));\none + two").text());
    }

    @Test
    void everyMagicHasItsAliases() {
        List<String> names = List.of("jars", "classpath", "maven", "addMavenDependency", "addMavenDependencies", "mavenRepo",
                "addMavenRepo", "loadFromPOM", "load");
        for (String name : names) {
            String message = kernel.execute("%" + name).reply().get("evalue").getAsString();
            assertTrue(message.contains(": expected "), "%" + name + " without arguments says what it expects, found: " + message);
        }
        assertTrue(kernel.execute("%loadFromPOM -v").reply().get("evalue").getAsString().contains("expected FILE"), "a flag is no file");
    }

    @Test
    void loadTakesTheFileAsItIsThenTheSuffixesInOrder() throws IOException {
        Files.writeString(folder.resolve("order"), "String loaded = \"as it is\";");
        for (String suffix : List.of("jsh", "jshell", "java", "ijava")) {
            Files.writeString(folder.resolve("order." + suffix), "String loaded = \"" + suffix + "\";");
        }
        Files.writeString(folder.resolve("order.ipynb"), "{\"cells\": [{\"cell_type\": \"code\", \"source\": \"String loaded = \\\"ipynb\\\";\"}]}");
        for (String expected : List.of("as it is", "jsh", "jshell", "java", "ijava", "ipynb")) {
            assertEquals(expected, ok("%load order\nloaded").text());
            Files.delete(folder.resolve(expected.equals("as it is") ? "order" : "order." + expected));
        }
    }

    @Test
    void startUpScriptsHaveRunInOrder() {
        assertEquals("3", ok("three()").text());
    }

    @Test
    void compilerOptionsHold() {
        String names = "class Named { void called(int first) {} }\n"
                + "Named.class.getDeclaredMethod(\"called\", int.class).getParameters()[0].getName()";
        assertEquals("first", ok(names).text());
        String preview = "String kind(Object o) {\n  return switch (o) {\n    case Integer i -> \"int \" + i;\n    default -> \"other\";\n  };\n}\n"
                + "kind(3)";
        assertEquals("int 3", ok(preview).text(), "patterns in switch are a preview of Java 17");
    }

    @Test
    void kernelInfoNamesTheLanguageAsIJavaDoes() {
        JsonObject language = kernel.request("kernel_info_request", new JsonObject()).getAsJsonObject("language_info");
        assertEquals("Java", language.get("name").getAsString());
        assertEquals(".jshell", language.get("file_extension").getAsString());
        assertEquals("text/x-java-source", language.get("mimetype").getAsString());
        assertEquals("java", language.get("pygments_lexer").getAsString());
        assertEquals(Runtime.version().toString(), language.get("version").getAsString());
    }
}
