package org.adadiff.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFetcherTest {
    private static final int SIZE = 300_000;

    @TempDir
    Path directory;

    private Downloader downloader = downloader(Duration.ofSeconds(20));
    private final List<String> notes = new ArrayList<>();
    private byte[] first;
    private byte[] tarball;
    private ArchiveServer server;
    private Path folder;
    private Path part;

    @BeforeEach
    void startServer() throws IOException {
        first = new byte[SIZE];
        new Random(1).nextBytes(first); // does not compress, so that breaks fall inside it
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream tar = new GZIPOutputStream(bytes)) {
            entry(tar, "./set/data/first.bin", first);
            entry(tar, "set/README", new byte[] {1});
            entry(tar, "../outside", new byte[] {2});
            entry(tar, "set/data/names.txt", "a\nb\n".getBytes());
            tar.write(new byte[1024]);
        }
        tarball = bytes.toByteArray();
        server = new ArchiveServer(tarball);
        folder = directory.resolve("data/set");
        part = directory.resolve("data/set.tar.gz.part");
    }

    /** A header as POSIX describes it, the content, and zeros to the end of the block. */
    private static void entry(OutputStream tar, String name, byte[] content) throws IOException {
        byte[] header = new byte[512];
        System.arraycopy(name.getBytes(), 0, header, 0, name.length());
        System.arraycopy("0000644".getBytes(), 0, header, 100, 7);
        System.arraycopy(String.format("%011o", content.length).getBytes(), 0, header, 124, 11);
        header[156] = '0';
        System.arraycopy("ustar".getBytes(), 0, header, 257, 5);
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xFF;
        }
        System.arraycopy(String.format("%06o\0", sum).getBytes(), 0, header, 148, 7);
        tar.write(header);
        tar.write(content);
        tar.write(new byte[(512 - content.length % 512) % 512]);
    }

    @AfterEach
    void stopServer() {
        server.close();
        downloader.close();
    }

    /** Three attempts without progress, and so much silence, until it gives up. */
    private static Downloader downloader(Duration silence) {
        return new Downloader(3, Duration.ofMillis(5), silence);
    }

    private void fetch() throws IOException, InterruptedException {
        fetch(archive("/files/set.tar.gz", md5(tarball), sha256(first)));
    }

    private void fetch(DataFetcher.Archive archive) throws IOException, InterruptedException {
        DataFetcher.fetch(archive, folder, downloader, new Downloader.Listener() {
            @Override
            public void bytes(long received, long total) {
                assertTrue(received > 0 && received <= total, received + " of " + total);
                assertEquals(tarball.length, total);
            }

            @Override
            public void note(String message) {
                notes.add(message);
            }
        });
    }

    private DataFetcher.Archive archive(String path, String md5, String sha256) {
        return new DataFetcher.Archive(
                server.address(path),
                md5,
                "set/data/",
                List.of(
                        new OfficialDataset.OfficialFile("first.bin", 1, sha256),
                        new OfficialDataset.OfficialFile("names.txt", 2, "")));
    }

    private String md5(byte[] content) throws IOException {
        return Digests.md5(Files.write(directory.resolve("scratch"), content));
    }

    private String sha256(byte[] content) throws IOException {
        return Digests.sha256(Files.write(directory.resolve("scratch"), content));
    }

    private void putPart(byte[] content) throws IOException {
        Files.createDirectories(part.getParent());
        Files.write(part, content);
    }

    private void assertFetched() throws IOException {
        assertArrayEquals(first, Files.readAllBytes(folder.resolve("first.bin")));
        assertEquals(List.of("first.bin", "names.txt"), names(folder), "only what is wanted is unpacked");
        assertEquals(List.of("set"), names(directory.resolve("data")), "nothing else is left");
        assertFalse(Files.exists(directory.resolve("data/outside")));
    }

    private void assertNothing() throws IOException {
        assertFalse(Files.exists(folder), "no half folder");
        assertEquals(List.of(), names(directory.resolve("data")).stream().filter(name -> !name.endsWith(".gz.part")).toList());
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void archiveIsDownloadedCheckedAndUnpacked() throws Exception {
        fetch();
        assertFetched();
        assertEquals(List.of("none"), server.ranges);
        assertEquals(List.of("downloading " + server.address("/files/set.tar.gz"), "unpacking", "done: " + folder), notes);
    }

    @Test
    void redirectsAreFollowed() throws Exception {
        fetch(archive("/moved/set.tar.gz", md5(tarball), sha256(first)));
        assertFetched();
    }

    @Test
    void brokenConnectionsAreResumed() throws Exception {
        server.breaks = 6; // more than the attempts without progress
        server.breakAfter = 40_000;
        fetch();
        assertFetched();
        assertEquals(7, server.ranges.size());
        // What a client still had in its hands when the connection broke may be lost, so ranges are not pinned to the byte
        long last = Long.parseLong(server.ranges.get(6).replaceAll("\\D", ""));
        assertTrue(last > 0 && last <= 240_000, server.ranges.toString());
        assertTrue(
                notes.get(1).matches("connection lost at byte [0-9]+ \\(.*bytes received: 40000\\); going on from there"), notes.toString());
    }

    @Test
    void earlierDownloadIsGoneOnWith() throws Exception {
        putPart(Arrays.copyOf(tarball, 123_456));
        fetch();
        assertFetched();
        assertEquals(List.of("bytes=123456-"), server.ranges);
    }

    @Test
    void completeDownloadIsNotRepeated() throws Exception {
        putPart(tarball);
        fetch();
        assertFetched();
        assertEquals(List.of("bytes=" + tarball.length + "-"), server.ranges);
    }

    @Test
    void damagedBeginningIsDroppedAndAllDownloadedAgain() throws Exception {
        byte[] damaged = Arrays.copyOf(tarball, 100_000);
        damaged[5000] ^= 1;
        putPart(damaged);
        fetch();
        assertFetched();
        assertEquals(List.of("bytes=100000-", "none"), server.ranges);
        assertTrue(notes.get(1).startsWith("dropping " + part + ": expected MD5 "), notes.toString());
    }

    @Test
    void tooLongBeginningIsDropped() throws Exception {
        putPart(new byte[tarball.length + 10]);
        fetch();
        assertFetched();
        assertEquals("none", server.ranges.get(1));
    }

    @Test
    void serverThatIgnoresRangesStartsAgain() throws Exception {
        server.resumes = false;
        putPart(Arrays.copyOf(tarball, 123_456));
        fetch();
        assertFetched();
        assertTrue(notes.contains("the server does not resume; starting again"), notes.toString());
    }

    @Test
    void serverThatNeverResumesAndAlwaysBreaksIsGivenUp() throws Exception {
        server.resumes = false;
        server.breaks = 1000;
        server.breakAfter = 50_000;
        IOException failure = assertThrows(IOException.class, this::fetch);
        assertTrue(failure.getMessage().contains("gave up after 3 attempts without progress"), failure.getMessage());
        assertTrue(server.ranges.size() <= 10, server.ranges.toString());
        assertNothing();
    }

    @Test
    void silentServerIsNotWaitedForForEver() throws Exception {
        server.breaks = 1;
        server.breakAfter = 100_000;
        server.silent = true;
        downloader.close();
        downloader = downloader(Duration.ofMillis(500));
        fetch();
        assertFetched();
        assertEquals(2, server.ranges.size());
        assertTrue(notes.get(1).contains("nothing came for 500 ms"), notes.toString());
    }

    @Test
    void serverTroublePasses() throws Exception {
        server.failures = 2;
        fetch();
        assertFetched();
        assertTrue(notes.get(1).contains("found 503"), notes.toString());
    }

    @Test
    void whatTheServerDoesNotHaveIsSaidAtOnce() throws Exception {
        server.failures = 100;
        server.failureStatus = 404;
        DataFileException failure = assertThrows(DataFileException.class, this::fetch);
        assertEquals(server.address("/files/set.tar.gz") + ": expected HTTP status 200, found 404", failure.getMessage());
        assertEquals(1, server.ranges.size());
        assertNothing();
    }

    @Test
    void wrongChecksumLeavesNothing() throws Exception {
        String wrong = "0".repeat(32);
        DataFileException failure =
                assertThrows(DataFileException.class, () -> fetch(archive("/files/set.tar.gz", wrong, sha256(first))));
        assertEquals(
                "set.tar.gz: expected MD5 " + wrong + ", found " + md5(tarball) + " from " + server.address("/files/set.tar.gz"),
                failure.getMessage());
        assertNothing();
        assertFalse(Files.exists(part), "what is wrong is not kept");
    }

    @Test
    void wrongFileInTheArchiveLeavesNoFolder() throws Exception {
        String wrong = "0".repeat(64);
        DataFileException failure =
                assertThrows(DataFileException.class, () -> fetch(archive("/files/set.tar.gz", md5(tarball), wrong)));
        assertEquals("first.bin in set.tar.gz: expected SHA-256 " + wrong + ", found " + sha256(first), failure.getMessage());
        assertNothing();
    }

    @Test
    void unreachableServerIsGivenUpAndWhatCameIsKept() throws Exception {
        DataFetcher.Archive archive = archive("/files/set.tar.gz", md5(tarball), sha256(first));
        putPart(Arrays.copyOf(tarball, 1000));
        server.close();
        IOException failure = assertThrows(IOException.class, () -> fetch(archive));
        assertTrue(failure.getMessage().contains("attempts without progress at byte 1000"), failure.getMessage());
        assertEquals(1000, Files.size(part));
    }

    @Test
    void twoDownloadsOfTheSameAreRefused() throws Exception {
        putPart(Arrays.copyOf(tarball, 1000));
        try (FileChannel other = FileChannel.open(part, StandardOpenOption.WRITE)) {
            assertTrue(other.tryLock(Long.MAX_VALUE - 1, 1, false).isValid());
            DataFileException failure = assertThrows(DataFileException.class, this::fetch);
            assertEquals(part + ": expected to be the only download, found another one at work", failure.getMessage());
        }
        assertEquals(1000, Files.size(part));
    }

    @Test
    void folderWithSomethingElseIsLeftAlone() throws Exception {
        Path mine = Files.createDirectories(directory.resolve("ptb")).resolve("ptb.train.txt");
        Files.writeString(mine, "my own text\n");
        DataFileException failure =
                assertThrows(DataFileException.class, () -> DataFetcher.fetch(directory, OfficialDataset.PENN_TREEBANK, event -> {}));
        assertTrue(failure.getMessage().contains("move it away or delete it"), failure.getMessage());
        assertEquals("my own text\n", Files.readString(mine));
    }

    @Test
    void officialDataIsNotDownloadedAgain() throws Exception {
        Path real = RealData.directoryWith(OfficialDataset.PENN_TREEBANK);
        List<DataFetcher.Event> events = new ArrayList<>();
        assertEquals(real.resolve("ptb"), DataFetcher.fetch(real, OfficialDataset.PENN_TREEBANK, events::add));
        assertEquals("is there already: official", events.get(0).message());
        assertEquals(1, events.size());
    }
}
