package org.adadiff.dataset;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads a tar archive from a stream: plain files with names of at most 100 characters, which is what the official archives hold; any
 * other entry is stepped over. (commons-compress, which DJL brings, needs commons-lang3, which DJL leaves out.)
 */
final class TarReader {
    private static final int BLOCK_BYTES = 512;
    private static final int NAME_BYTES = 100;
    private static final int SIZE_AT = 124;
    private static final int SIZE_BYTES = 12;
    private static final int CHECKSUM_AT = 148;
    private static final int CHECKSUM_BYTES = 8;
    private static final int TYPE_AT = 156;

    private final InputStream in;
    private final byte[] header = new byte[BLOCK_BYTES];
    private long unread; // of the present entry, with what fills its last block

    TarReader(InputStream in) {
        this.in = in;
    }

    /** Goes to the next entry; false at the archive's end. */
    boolean next() throws IOException {
        in.skipNBytes(unread);
        unread = 0;
        int read = in.readNBytes(header, 0, BLOCK_BYTES);
        if (read == 0 || (read == BLOCK_BYTES && isZero())) {
            return false;
        }
        if (read < BLOCK_BYTES) {
            throw new EOFException("tar: expected a header of " + BLOCK_BYTES + " bytes, found " + read);
        }
        checkSum();
        unread = (size() + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
        return true;
    }

    private boolean isZero() {
        for (byte b : header) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** The header's bytes add up to the number in it, its own field counted as spaces. */
    private void checkSum() throws IOException {
        int sum = 0;
        for (int i = 0; i < BLOCK_BYTES; i++) {
            boolean own = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_BYTES;
            sum += own ? ' ' : header[i] & 0xFF;
        }
        long expected = octal(CHECKSUM_AT, CHECKSUM_BYTES);
        if (sum != expected) {
            throw new IOException("tar: expected header checksum " + expected + ", found " + sum);
        }
    }

    private long octal(int at, int bytes) throws IOException {
        String digits = new String(header, at, bytes, StandardCharsets.ISO_8859_1).replace('\0', ' ').strip();
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (NumberFormatException e) {
            throw new IOException("tar: expected an octal number in the header, found \"" + digits + "\"", e);
        }
    }

    boolean isFile() {
        return header[TYPE_AT] == '0' || header[TYPE_AT] == 0;
    }

    String name() {
        int length = 0;
        while (length < NAME_BYTES && header[length] != 0) {
            length++;
        }
        return new String(header, 0, length, StandardCharsets.UTF_8);
    }

    long size() throws IOException {
        return octal(SIZE_AT, SIZE_BYTES);
    }

    /** Writes the present entry's content. */
    void copyTo(OutputStream out) throws IOException {
        byte[] chunk = new byte[1 << 16];
        long left = size();
        while (left > 0) {
            int read = in.read(chunk, 0, (int) Math.min(chunk.length, left));
            if (read < 0) {
                throw new EOFException("tar: expected " + left + " more bytes of " + name() + ", found the end");
            }
            out.write(chunk, 0, read);
            left -= read;
            unread -= read;
        }
    }
}
