// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the target promised to keep: one line per acknowledged record, to compare with what it kept.
 *
 * <pre>
 * device,time,latitude,longitude,sequence
 * 001017000000018,1732406400000,45.0703000,7.6869000,0
 * </pre>
 * The device is its IMEI, 15 digits; time is milliseconds since 1970-01-01 UTC; the place is what the wire carried, 7
 * decimals; the sequence counts the records of a device from 0 in the order of sending. {@link LedgerReader} reads it
 * back.
 *
 * <p>Lines are gathered by {@link #append} and reach the file with {@link #flush}, which the simulator calls before it
 * sends any more: however the simulator or the target ends, the file claims nothing that was not acknowledged. Allocates
 * nothing per record. Not thread safe.
 */
public final class Ledger implements Closeable {
    /** The first line. */
    public static final String HEADER = "device,time,latitude,longitude,sequence";

    private static final int CAPACITY = 1 << 20;
    private static final int MAX_LINE_LENGTH = 96;
    private static final int IMEI_DIGITS = 15;
    private static final int DECIMALS = 7;
    private static final int E7 = 10_000_000;

    private final FileChannel channel;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(CAPACITY);
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    private int length;

    private Ledger(final FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Starts a ledger.
     *
     * @param file      where.
     * @param overwrite whether a file that holds something may be replaced: it may be the only witness of another run.
     * @return the ledger, with the first line written.
     * @throws IllegalArgumentException when the file holds something and may not be replaced.
     * @throws IOException              when the file cannot be written.
     */
    public static Ledger create(final Path file, final boolean overwrite) throws IOException {
        if (!overwrite && Files.isRegularFile(file) && Files.size(file) > 0) {
            throw new IllegalArgumentException("ledger: found " + file
                    + ", which is there already, allowed a new file, or this one with --overwrite");
        }
        final FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        final Ledger ledger = new Ledger(channel);
        final byte[] header = (HEADER + "\n").getBytes(StandardCharsets.US_ASCII);
        ledger.buffer.putBytes(0, header);
        ledger.length = header.length;
        ledger.write();
        return ledger;
    }

    /**
     * Adds a line.
     *
     * @param imei        of the device.
     * @param timeMs      of the fix, milliseconds since 1970-01-01 UTC.
     * @param latitudeE7  degrees scaled by 1e7.
     * @param longitudeE7 degrees scaled by 1e7.
     * @param sequence    of the record on its device.
     * @throws UncheckedIOException when the gathered lines had to be written, and could not be.
     */
    public void append(
            final long imei, final long timeMs, final int latitudeE7, final int longitudeE7, final long sequence) {
        if (length + MAX_LINE_LENGTH > CAPACITY) {
            flush();
        }
        int at = digits(length, imei, IMEI_DIGITS);
        at = comma(at);
        at += buffer.putLongAscii(at, timeMs);
        at = comma(at);
        at = comma(degrees(at, latitudeE7));
        at = comma(degrees(at, longitudeE7));
        at += buffer.putLongAscii(at, sequence);
        buffer.putByte(at, (byte) '\n');
        length = at + 1;
    }

    /**
     * Writes the gathered lines to the file.
     *
     * @throws UncheckedIOException when that fails.
     */
    public void flush() {
        try {
            write();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write() throws IOException {
        if (length == 0) {
            return;
        }
        bytes.clear().limit(length);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        length = 0;
    }

    private int comma(final int at) {
        buffer.putByte(at, (byte) ',');
        return at + 1;
    }

    private int degrees(final int at, final int valueE7) {
        int next = at;
        if (valueE7 < 0) {
            buffer.putByte(next++, (byte) '-');
        }
        final int magnitude = Math.abs(valueE7);
        next += buffer.putIntAscii(next, magnitude / E7);
        buffer.putByte(next++, (byte) '.');
        return digits(next, magnitude % E7, DECIMALS);
    }

    private int digits(final int at, final long value, final int count) {
        long rest = value;
        for (int i = at + count - 1; i >= at; i--) {
            buffer.putByte(i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        return at + count;
    }

    @Override
    public void close() throws IOException {
        try {
            write();
        } finally {
            channel.close();
        }
    }
}
