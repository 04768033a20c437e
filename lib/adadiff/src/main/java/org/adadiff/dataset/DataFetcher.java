package org.adadiff.dataset;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Downloads the official archives, checks them and unpacks what is needed. An interrupted download goes on where it ended; a data set
 * appears in one step, complete and checked, or not at all.
 */
public final class DataFetcher {
    private static final int ATTEMPTS_WITHOUT_PROGRESS = 5;
    private static final Duration PAUSE = Duration.ofSeconds(3);
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private DataFetcher() {}

    /**
     * Downloads one data set into its folder, unless it is there.
     *
     * @param dataDirectory the data directory; made if need be
     * @param dataset which data set
     * @param listener hears of progress, often; on the calling thread
     * @return the folder, with every file checked
     * @throws DataFileException if the server has no such file, if a checksum is wrong, or if the folder holds something else already
     *     (it is left alone)
     * @throws IOException if the connection fails again and again; what has arrived is kept, so that the next call goes on from there
     * @throws InterruptedException if the thread is interrupted; what has arrived is kept
     */
    public static Path fetch(Path dataDirectory, OfficialDataset dataset, Consumer<Event> listener)
            throws IOException, InterruptedException {
        Path folder = dataDirectory.resolve(dataset.folder());
        DataVerifier.Finding found = DataVerifier.inspect(dataset, folder);
        if (found.state() == DataVerifier.State.OFFICIAL || found.state() == DataVerifier.State.OTHER_ORDER) {
            listener.accept(new Event(dataset, "is there already: " + found.state().description(), 0, -1));
            return folder;
        }
        if (found.state() != DataVerifier.State.MISSING) {
            throw new DataFileException(
                    folder + ": expected no folder, or the official " + dataset.title() + ", found: " + found.state().description()
                            + (found.details().isEmpty() ? "" : " (" + found.details().get(0) + ")")
                            + "; move it away or delete it, then fetch again");
        }
        Archive archive = new Archive(dataset.archive(), dataset.archiveMd5(), dataset.archivePrefix(), dataset.files());
        try (Downloader downloader = new Downloader(ATTEMPTS_WITHOUT_PROGRESS, PAUSE, SILENCE)) {
            fetch(archive, folder, downloader, event(dataset, listener));
        }
        return folder;
    }

    /** What to download, and what it has to be. */
    record Archive(URI address, String md5, String prefix, List<OfficialDataset.OfficialFile> files) {
        String name() {
            String path = address.getPath();
            return path.substring(path.lastIndexOf('/') + 1);
        }
    }

    static void fetch(Archive archive, Path folder, Downloader downloader, Downloader.Listener listener)
            throws IOException, InterruptedException {
        Path dataDirectory = Files.createDirectories(folder.toAbsolutePath().getParent());
        Path part = dataDirectory.resolve(archive.name() + ".part");
        try (FileChannel out = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            requireOnlyDownload(out, part);
            downloadChecked(archive, part, out, downloader, listener);
            listener.note("unpacking");
            unpack(archive, part, folder);
            Files.delete(part);
            listener.note("done: " + folder);
        }
    }

    /** Locks the file, until it is closed, at a place that nobody reads: Windows would not let the checksum read a locked part. */
    private static void requireOnlyDownload(FileChannel out, Path part) throws IOException {
        FileLock lock = null;
        try {
            lock = out.tryLock(Long.MAX_VALUE - 1, 1, false);
        } catch (OverlappingFileLockException e) {
            // Held by this JVM: reported below like a lock held by another
        }
        if (lock == null) {
            throw new DataFileException(part + ": expected to be the only download, found another one at work");
        }
    }

    private static void downloadChecked(
            Archive archive, Path part, FileChannel out, Downloader downloader, Downloader.Listener listener)
            throws IOException, InterruptedException {
        boolean resumed = out.size() > 0;
        listener.note((resumed ? "going on with " : "downloading ") + archive.address());
        downloader.download(archive.address(), out, listener);
        String md5 = Digests.md5(part);
        if (resumed && !md5.equals(archive.md5())) {
            listener.note("dropping " + part + ": expected MD5 " + archive.md5() + ", found " + md5 + "; downloading all of it again");
            out.truncate(0);
            downloader.download(archive.address(), out, listener);
            md5 = Digests.md5(part);
        }
        if (!md5.equals(archive.md5())) {
            Files.delete(part);
            throw DataFileException.damaged(Path.of(archive.name()), "MD5 " + archive.md5(), md5 + " from " + archive.address());
        }
    }

    private static void unpack(Archive archive, Path part, Path folder) throws IOException {
        try (StagedFolder staged = new StagedFolder(folder);
                InputStream file = new BufferedInputStream(Files.newInputStream(part), 1 << 16);
                InputStream unzipped = new GZIPInputStream(file, 1 << 16)) {
            TarReader tar = new TarReader(unzipped);
            while (tar.next()) {
                String path = tar.name().startsWith("./") ? tar.name().substring(2) : tar.name();
                for (OfficialDataset.OfficialFile wanted : archive.files()) {
                    // Only names we know are written, so no entry can point outside the folder
                    if (tar.isFile() && path.equals(archive.prefix() + wanted.name())) {
                        try (OutputStream out = Files.newOutputStream(staged.path().resolve(wanted.name()))) {
                            tar.copyTo(out);
                        }
                    }
                }
            }
            for (OfficialDataset.OfficialFile wanted : archive.files()) {
                check(archive, wanted, staged.path().resolve(wanted.name()));
            }
            staged.commit();
        } catch (ZipException e) {
            throw new DataFileException(archive.name() + ": expected a gzipped tar, found damage: " + e.getMessage());
        }
    }

    private static void check(Archive archive, OfficialDataset.OfficialFile wanted, Path unpacked) throws IOException {
        if (!Files.exists(unpacked)) {
            throw new DataFileException(
                    archive.name() + ": expected it to hold " + archive.prefix() + wanted.name() + ", found no such file");
        }
        String sha256 = Digests.sha256(unpacked);
        if (!wanted.sha256().isEmpty() && !wanted.sha256().equals(sha256)) {
            throw new DataFileException(
                    wanted.name() + " in " + archive.name() + ": expected SHA-256 " + wanted.sha256() + ", found " + sha256);
        }
    }

    private static Downloader.Listener event(OfficialDataset dataset, Consumer<Event> listener) {
        return new Downloader.Listener() {
            @Override
            public void bytes(long received, long total) {
                listener.accept(new Event(dataset, "", received, total));
            }

            @Override
            public void note(String message) {
                listener.accept(new Event(dataset, message, 0, -1));
            }
        };
    }

    /**
     * What a listener hears.
     *
     * @param dataset about which data set
     * @param message something to tell the user; empty if this is about progress only
     * @param bytes received so far, if the message is empty
     * @param total bytes to receive, or -1 if the server does not say
     */
    public record Event(OfficialDataset dataset, String message, long bytes, long total) {}
}
