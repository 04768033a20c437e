package org.adadiff.jupyter.kernel;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** A notebook in Jupyter's own page, in a real browser without a window: Debian's jupyter-notebook, chromium and chromium-driver. */
final class NotebookPage implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int ANSWER_MILLIS = 5000;
    // Selenium warns that it does not know the newest Chromium's developer tools, which nothing here needs
    private static final Logger DEVELOPER_TOOLS = Logger.getLogger("org.openqa.selenium.devtools");
    private static final List<String> PROGRAMS = List.of("jupyter-notebook", "chromium", "chromedriver");

    private final Process server;
    private final ChromeDriver browser;

    private NotebookPage(Process server, ChromeDriver browser) {
        this.server = server;
        this.browser = browser;
    }

    /** The first of the programs that is not installed. */
    static Optional<String> missing() {
        return PROGRAMS.stream().filter(name -> program(name).isEmpty()).findFirst();
    }

    private static Optional<Path> program(String name) {
        return Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, name)).filter(Files::isExecutable).findFirst();
    }

    /** Opens a notebook of a folder whose kernels lie in {@code kernels/}; returns when its kernel answers. */
    static NotebookPage open(Path folder, String notebook) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        ProcessBuilder jupyter = new ProcessBuilder(program("jupyter-notebook").orElseThrow().toString(), "--no-browser", "--allow-root",
                "--ip=127.0.0.1", "--port=" + port, "--NotebookApp.token=", "--NotebookApp.password=", "--notebook-dir=" + folder);
        jupyter.environment().putAll(Map.of("JUPYTER_DATA_DIR", folder.toString(), "JUPYTER_RUNTIME_DIR", folder.resolve("runtime").toString(),
                "JUPYTER_CONFIG_DIR", folder.resolve("config").toString()));
        Process server = jupyter.redirectErrorStream(true).redirectOutput(folder.resolve("server.log").toFile()).start();
        DEVELOPER_TOOLS.setLevel(Level.OFF);
        ChromeDriver browser = null;
        try {
            awaitServer(port, server, folder.resolve("server.log"));
            ChromeDriverService service =
                    new ChromeDriverService.Builder().usingDriverExecutable(program("chromedriver").orElseThrow().toFile()).usingAnyFreePort().build();
            // Root, as in a container, gets no sandbox; /dev/shm may be small there
            ChromeOptions options = new ChromeOptions().addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu");
            options.setBinary(program("chromium").orElseThrow().toFile());
            browser = new ChromeDriver(service, options);
            browser.manage().window().setSize(new Dimension(1100, 1300));
            browser.get("http://127.0.0.1:" + port + "/notebooks/" + notebook);
            NotebookPage page = new NotebookPage(server, browser);
            page.awaitIdle();
            return page;
        } catch (IOException | RuntimeException e) {
            end(browser, server);
            throw e;
        }
    }

    private static void awaitServer(int port, Process server, Path log) throws IOException {
        await("the server", () -> {
            if (!server.isAlive()) {
                throw new IllegalStateException("jupyter-notebook has ended, see " + log);
            }
            try {
                URLConnection api = URI.create("http://127.0.0.1:" + port + "/api").toURL().openConnection();
                api.setConnectTimeout(ANSWER_MILLIS);
                api.setReadTimeout(ANSWER_MILLIS);
                try (InputStream status = api.getInputStream()) {
                    return JsonParser.parseString(new String(status.readAllBytes())).getAsJsonObject().has("version");
                }
            } catch (IOException e) {
                return false;
            }
        });
    }

    static void await(String what, Supplier<Boolean> condition) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.get()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(what + ": not within " + LIMIT.toSeconds() + " s");
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** No cell runs or waits, and the kernel is idle. */
    void awaitIdle() {
        await("an idle kernel", () -> (boolean) script("return window.Jupyter !== undefined && Jupyter.notebook.kernel != null"
                + " && Jupyter.notebook.kernel.is_connected() && document.querySelector('.kernel_idle_icon') != null"
                + " && document.querySelectorAll('.cell.running').length == 0"));
    }

    Object script(String javaScript, Object... arguments) {
        return browser.executeScript(javaScript, arguments);
    }

    void menu(String menu, String item) {
        browser.findElement(By.xpath("//div[@id='menubar']//a[normalize-space()='" + menu + "']")).click();
        browser.findElement(By.xpath("//div[@id='menubar']//li[contains(@class, 'open')]//a[normalize-space()='" + item + "']")).click();
    }

    void click(String css) {
        await("something to click at " + css, () -> browser.findElements(By.cssSelector(css)).stream().anyMatch(WebElement::isDisplayed));
        browser.findElements(By.cssSelector(css)).stream().filter(WebElement::isDisplayed).findFirst().orElseThrow().click();
    }

    /** Goes into a cell, counted from 0, and types. */
    void type(int cell, CharSequence... keys) {
        browser.findElements(By.cssSelector(".cell")).get(cell).findElement(By.cssSelector(".CodeMirror-lines")).click();
        browser.switchTo().activeElement().sendKeys(keys);
    }

    void run(int cell) {
        type(cell, Keys.chord(Keys.CONTROL, Keys.ENTER));
    }

    String code(int cell) {
        return (String) script("return Jupyter.notebook.get_cell(arguments[0]).get_text()", cell);
    }

    /** The text that a cell has printed and shown. */
    String output(int cell) {
        return browser.findElements(By.cssSelector(".cell")).get(cell).findElement(By.cssSelector(".output")).getText();
    }

    List<WebElement> all(String css) {
        return browser.findElements(By.cssSelector(css));
    }

    void screenshot(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, browser.getScreenshotAs(OutputType.BYTES));
    }

    @Override
    public void close() {
        end(browser, server);
    }

    /** Returns when the server has ended: until then it writes into the folder of the test. */
    private static void end(ChromeDriver browser, Process server) {
        try {
            if (browser != null) {
                browser.quit();
            }
        } finally {
            List<ProcessHandle> all = Stream.concat(server.descendants(), Stream.of(server.toHandle())).toList();
            all.forEach(ProcessHandle::destroy);
            await("the end of the server", () -> all.stream().noneMatch(ProcessHandle::isAlive));
        }
    }
}
