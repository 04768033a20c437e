package org.adadiff.train;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.adadiff.engine.Floats;

/** All parameters of a network, batch normalisation's running statistics included. */
final class Weights {
    private Weights() {}

    /** Writes each parameter's name, shape and numbers. */
    static void write(DataOutputStream out, Block network) throws IOException {
        for (Pair<String, Parameter> pair : network.getParameters()) {
            out.writeUTF(pair.getKey());
            out.writeUTF(pair.getValue().getShape().toString());
            Floats.write(out, pair.getValue().getArray());
        }
    }

    /** Gives the parameters, in place, the numbers that {@link #write} wrote. */
    static void read(DataInputStream in, Block network) throws IOException {
        for (Pair<String, Parameter> pair : network.getParameters()) {
            String found = in.readUTF() + " " + in.readUTF();
            String expected = pair.getKey() + " " + pair.getValue().getShape();
            if (!found.equals(expected)) {
                throw new IOException("parameters: expected " + expected + ", found " + found);
            }
            Floats.read(in, pair.getValue().getArray());
        }
    }

    /** Returns the SHA-256 of what {@link #write} writes: equal for networks that are equal bit for bit. */
    static String sha256(Block network) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (DataOutputStream out = new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), digest))) {
                write(out, network);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
