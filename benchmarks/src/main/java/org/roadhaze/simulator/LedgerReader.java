// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a {@link Ledger} back, also one whose writer was killed: a last line without its end of line is passed over,
 * since the acknowledgement behind it was not claimed in full.
 */
public final class LedgerReader {
    private static final Pattern LINE =
            Pattern.compile("(\\d{15}),(-?\\d+),(-?\\d+)\\.(\\d{7}),(-?\\d+)\\.(\\d{7}),(\\d+)");

    private LedgerReader() {}

    /** Takes one line after the other. */
    @FunctionalInterface
    public interface RecordConsumer {
        /**
         * Takes an acknowledged record.
         *
         * @param imei        of the device.
         * @param timeMs      of the fix, milliseconds since 1970-01-01 UTC.
         * @param latitudeE7  degrees scaled by 1e7.
         * @param longitudeE7 degrees scaled by 1e7.
         * @param sequence    of the record on its device, from 0.
         */
        void accept(long imei, long timeMs, int latitudeE7, int longitudeE7, long sequence);
    }

    /**
     * Reads a ledger from beginning to end.
     *
     * @param file    which.
     * @param records gets every whole line.
     * @return how many lines there were.
     * @throws IOException              when the file cannot be read.
     * @throws IllegalArgumentException when a whole line is wrong: names file, line, what was found and what is allowed.
     */
    public static long read(final Path file, final RecordConsumer records) throws IOException {
        final long wholeLines = wholeLines(file);
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
            for (long line = 1; line <= wholeLines; line++) {
                final String text = reader.readLine();
                if (line > 1) {
                    parse(file, line, text, records);
                } else if (!text.equals(Ledger.HEADER)) {
                    throw wrong(file, line, text, Ledger.HEADER);
                }
            }
        }
        return Math.max(0, wholeLines - 1);
    }

    private static long wholeLines(final Path file) throws IOException {
        final byte[] block = new byte[1 << 16];
        long lines = 0;
        try (var in = Files.newInputStream(file)) {
            for (int length = in.read(block); length > 0; length = in.read(block)) {
                for (int i = 0; i < length; i++) {
                    lines += block[i] == '\n' ? 1 : 0;
                }
            }
        }
        return lines;
    }

    private static void parse(final Path file, final long line, final String text, final RecordConsumer records) {
        final Matcher matcher = LINE.matcher(text);
        if (!matcher.matches()) {
            throw wrong(file, line, text, "a line of " + Ledger.HEADER);
        }
        records.accept(
                Long.parseLong(matcher.group(1)),
                Long.parseLong(matcher.group(2)),
                degreesE7(matcher.group(3), matcher.group(4)),
                degreesE7(matcher.group(5), matcher.group(6)),
                Long.parseLong(matcher.group(7)));
    }

    private static int degreesE7(final String whole, final String decimals) {
        return Integer.parseInt(whole + decimals);
    }

    private static IllegalArgumentException wrong(
            final Path file, final long line, final String found, final String allowed) {
        return new IllegalArgumentException(file + ":" + line + ": found '" + found + "', allowed " + allowed);
    }
}
