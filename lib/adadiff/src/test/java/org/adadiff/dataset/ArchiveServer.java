package org.adadiff.dataset;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A real HTTP server on this machine that serves one archive, as well or as badly as a test asks. */
final class ArchiveServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final byte[] content;
    /** The {@code Range} header of every request, or "none". */
    final List<String> ranges = Collections.synchronizedList(new ArrayList<>());

    /** Serve ranges; else always everything. */
    volatile boolean resumes = true;
    /** Break so many connections, each after {@link #breakAfter} bytes. */
    volatile int breaks;

    volatile int breakAfter;
    /** Instead of breaking, fall silent. */
    volatile boolean silent;
    /** Answer with this status, so many times. */
    volatile int failures;

    volatile int failureStatus = 503;

    ArchiveServer(byte[] content) throws IOException {
        this.content = content;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/files/", this::serve);
        server.createContext("/moved/", exchange -> {
            exchange.getResponseHeaders().set("Location", "/files/set.tar.gz");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.start();
    }

    URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private void serve(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        ranges.add(range == null ? "none" : range);
        if (failures > 0) {
            failures--;
            exchange.sendResponseHeaders(failureStatus, -1);
            exchange.close();
            return;
        }
        int from = range == null || !resumes ? 0 : Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
        if (from >= content.length) {
            exchange.getResponseHeaders().set("Content-Range", "bytes */" + content.length);
            exchange.sendResponseHeaders(416, -1);
            exchange.close();
            return;
        }
        if (range != null && resumes) {
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        exchange.sendResponseHeaders(range != null && resumes ? 206 : 200, content.length - from);
        int end = content.length;
        if (breaks > 0) {
            breaks--;
            end = Math.min(end, from + breakAfter);
        }
        exchange.getResponseBody().write(content, from, end - from);
        exchange.getResponseBody().flush();
        if (end < content.length && silent) {
            try {
                Thread.sleep(20_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        exchange.close(); // with bytes missing, this closes the connection
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
