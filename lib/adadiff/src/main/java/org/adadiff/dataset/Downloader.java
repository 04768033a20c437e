package org.adadiff.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Downloads one file over HTTP, going on where an earlier attempt ended, as long as attempts get anywhere. What has arrived stays in the
 * file when it fails.
 */
final class Downloader implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 16;

    private final HttpClient client;
    private final int attemptsWithoutProgress;
    private final Duration pause;
    private final Duration silence;
    private final ScheduledExecutorService watch;

    /**
     * @param attemptsWithoutProgress how many attempts in a row may bring nothing
     * @param pause between attempts
     * @param silence after which a connection that brings nothing is given up
     */
    Downloader(int attemptsWithoutProgress, Duration pause, Duration silence) {
        this.client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).connectTimeout(silence).build();
        this.attemptsWithoutProgress = attemptsWithoutProgress;
        this.pause = pause;
        this.silence = silence;
        this.watch = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "download watch");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Hears what happens. */
    interface Listener {
        void bytes(long received, long total);

        void note(String message);
    }

    /** Downloads to this file; what it holds is taken for the beginning. */
    void download(URI address, FileChannel out, Listener listener) throws IOException, InterruptedException {
        int failures = 0;
        long furthest = out.size(); // not the size: a server that does not resume starts at 0 again and again
        while (true) {
            try {
                if (attempt(address, out, listener)) {
                    return;
                }
            } catch (DataFileException e) {
                throw e;
            } catch (IOException e) {
                failures = out.size() > furthest ? 1 : failures + 1;
                furthest = Math.max(furthest, out.size());
                if (failures >= attemptsWithoutProgress) {
                    throw new IOException(
                            address + ": gave up after " + failures + " attempts without progress at byte " + out.size() + ": "
                                    + describe(e) + "; run it again to go on from there",
                            e);
                }
                listener.note("connection lost at byte " + out.size() + " (" + describe(e) + "); going on from there");
                Thread.sleep(pause.toMillis());
            }
        }
    }

    /** The cause's message where there is one: the client's own is "closed" for every broken connection. */
    private static String describe(IOException e) {
        Throwable said = e.getCause() != null && e.getCause().getMessage() != null ? e.getCause() : e;
        return said.getMessage() == null ? said.getClass().getSimpleName() : said.getMessage();
    }

    /** One request; true when the file is complete. */
    private boolean attempt(URI address, FileChannel out, Listener listener) throws IOException, InterruptedException {
        long have = out.size();
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(silence);
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-");
        }
        HttpResponse<InputStream> response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            String range = response.headers().firstValue("Content-Range").orElse("");
            switch (response.statusCode()) {
                case 200 -> {
                    if (have > 0) {
                        listener.note("the server does not resume; starting again");
                        out.truncate(0);
                    }
                    receive(body, out, response.headers().firstValueAsLong("Content-Length").orElse(-1), listener);
                    return true;
                }
                case 206 -> {
                    if (!range.startsWith("bytes " + have + "-")) {
                        throw new IOException("expected the range from byte " + have + ", found \"" + range + "\"");
                    }
                    long rest = response.headers().firstValueAsLong("Content-Length").orElse(-1);
                    receive(body, out, rest < 0 ? -1 : have + rest, listener);
                    return true;
                }
                case 416 -> {
                    if (range.equals("bytes */" + have)) {
                        return true;
                    }
                    listener.note("dropping the " + have + " bytes at hand: they are no beginning of the file (" + range + ")");
                    out.truncate(0);
                    return false;
                }
                default -> throw refusal(address, response.statusCode());
            }
        }
    }

    /** Server trouble passes and is tried again; anything else does not. */
    private static IOException refusal(URI address, int status) {
        String message = address + ": expected HTTP status 200, found " + status;
        return status >= 500 || status == 429 || status == 408 ? new IOException(message) : new DataFileException(message);
    }

    private void receive(InputStream body, FileChannel out, long total, Listener listener) throws IOException {
        out.position(out.size());
        byte[] chunk = new byte[CHUNK_BYTES];
        while (true) {
            // A read has no time limit of its own: a server that falls silent would hold it for ever
            AtomicBoolean silent = new AtomicBoolean();
            ScheduledFuture<?> alarm = watch.schedule(
                    () -> {
                        silent.set(true);
                        closeQuietly(body);
                    },
                    silence.toMillis(),
                    TimeUnit.MILLISECONDS);
            int read;
            try {
                read = body.read(chunk);
            } catch (IOException e) {
                throw silent.get() ? new IOException("nothing came for " + silence.toMillis() + " ms") : e;
            } finally {
                alarm.cancel(false);
            }
            if (read < 0) {
                break;
            }
            ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, read);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            listener.bytes(out.position(), total);
        }
        if (total >= 0 && out.size() != total) {
            throw new IOException("expected " + total + " bytes, found " + out.size());
        }
    }

    private static void closeQuietly(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            // The read that waits on this stream reports the failure
        }
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }
}
