// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Reads recorded traces: a CSV file, or one compressed with gzip (name ending in {@code .gz}), whose first line names
 * the columns.
 *
 * <p>{@code device,time,latitude,longitude} are required, {@code altitude,speed,course} are read where they are there,
 * other columns are passed over, in any order. Time is seconds since 1970-01-01 UTC (a fraction is allowed) or ISO-8601
 * with an offset ({@code 2008-06-08T00:00:01Z}), before the year 2100; latitude and longitude are degrees, altitude metres, speed km/h, course
 * degrees from north. Fields are not quoted.
 */
public final class TraceReader {
    /** An optional field that the row does not have. */
    public static final int NOT_GIVEN = Integer.MIN_VALUE;

    private static final List<String> COLUMNS =
            List.of("device", "time", "latitude", "longitude", "altitude", "speed", "course");
    private static final int REQUIRED_COLUMNS = 4;
    /** 2100-01-01. Milliseconds that are taken for seconds lie far behind it, whatever day of our time they mean. */
    static final long END_OF_TIME_MS = 4_102_444_800_000L;

    private static final String TIME_ALLOWED = "seconds since 1970-01-01 UTC, before the year 2100 (milliseconds, as a"
            + " ledger has them, have to be divided by 1000), or ISO-8601 with an offset";

    private final Path file;
    private final int[] columnAt = new int[COLUMNS.size()];
    private int lineNumber;

    private TraceReader(final Path file) {
        this.file = file;
    }

    /** Takes one row after the other. */
    @FunctionalInterface
    public interface RowConsumer {
        /**
         * Takes a row.
         *
         * @param device      its name as the file has it.
         * @param timeMs      milliseconds since 1970-01-01 UTC.
         * @param latitudeE7  degrees scaled by 1e7, in [-900000000, 900000000].
         * @param longitudeE7 degrees scaled by 1e7, in [-1800000000, 1800000000].
         * @param altitudeM   metres, or {@link #NOT_GIVEN}.
         * @param speedKmh    kilometres per hour, at least 0, or {@link #NOT_GIVEN}.
         * @param courseDeg   degrees, in [0, 359], or {@link #NOT_GIVEN}.
         */
        void accept(
                String device,
                long timeMs,
                int latitudeE7,
                int longitudeE7,
                int altitudeM,
                int speedKmh,
                int courseDeg);
    }

    /**
     * Reads a trace from beginning to end.
     *
     * @param file which.
     * @param rows gets every row, in the order of the file.
     * @throws IOException              when the file cannot be read.
     * @throws IllegalArgumentException when a line is wrong: names file, line, column, what was found and what is
     *                                  allowed.
     */
    public static void read(final Path file, final RowConsumer rows) throws IOException {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
                InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(raw, 1 << 16) : raw;
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8), 1 << 16)) {
            new TraceReader(file).readAll(reader, rows);
        }
    }

    private void readAll(final BufferedReader reader, final RowConsumer rows) throws IOException {
        final String header = reader.readLine();
        lineNumber = 1;
        readHeader(header == null ? "" : header);
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            lineNumber++;
            if (!line.isBlank()) {
                readRow(split(line), rows);
            }
        }
    }

    private void readHeader(final String header) {
        final List<String> names = Arrays.asList(split(header));
        for (int i = 0; i < COLUMNS.size(); i++) {
            columnAt[i] = names.indexOf(COLUMNS.get(i));
            if (columnAt[i] < 0 && i < REQUIRED_COLUMNS) {
                throw wrong(
                        COLUMNS.get(i),
                        header,
                        "a first line with device,time,latitude,longitude[,altitude,speed,course]");
            }
        }
    }

    private void readRow(final String[] fields, final RowConsumer rows) {
        final String device = field(fields, 0);
        if (device.isEmpty()) {
            throw wrong("device", device, "a name");
        }
        rows.accept(
                device,
                timeMs(field(fields, 1)),
                degreesE7(fields, 2, 90),
                degreesE7(fields, 3, 180),
                rounded(fields, 4, -32_768, 32_767),
                rounded(fields, 5, 0, 65_535),
                course(fields));
    }

    private static String[] split(final String line) {
        final String[] fields = line.split(",", -1);
        for (int i = 0; i < fields.length; i++) {
            fields[i] = fields[i].strip();
        }
        return fields;
    }

    private String field(final String[] fields, final int column) {
        if (columnAt[column] >= fields.length) {
            throw wrong(COLUMNS.get(column), String.join(",", fields), "a field for every column of the first line");
        }
        return fields[columnAt[column]];
    }

    private long timeMs(final String text) {
        final long timeMs = anyTimeMs(text);
        if (timeMs < 0 || timeMs >= END_OF_TIME_MS) {
            throw wrong("time", text, TIME_ALLOWED);
        }
        return timeMs;
    }

    private long anyTimeMs(final String text) {
        try {
            if (text.indexOf('T') > 0) {
                return text.endsWith("Z")
                        ? Instant.parse(text).toEpochMilli()
                        : OffsetDateTime.parse(text).toInstant().toEpochMilli();
            }
            return new BigDecimal(text)
                    .movePointRight(3)
                    .setScale(0, RoundingMode.HALF_EVEN)
                    .longValueExact();
        } catch (final DateTimeException | ArithmeticException | NumberFormatException e) {
            throw wrong("time", text, TIME_ALLOWED, e);
        }
    }

    private int degreesE7(final String[] fields, final int column, final int limit) {
        final String text = field(fields, column);
        final double degrees = number(text, column, -limit, limit);
        return (int) Math.round(degrees * 1e7);
    }

    private int rounded(final String[] fields, final int column, final int min, final int max) {
        if (columnAt[column] < 0 || field(fields, column).isEmpty()) {
            return NOT_GIVEN;
        }
        return (int) Math.round(number(field(fields, column), column, min, max));
    }

    private int course(final String[] fields) {
        final int degrees = rounded(fields, 6, 0, 360);
        return degrees == 360 ? 0 : degrees;
    }

    private double number(final String text, final int column, final int min, final int max) {
        final double value;
        try {
            value = Double.parseDouble(text);
        } catch (final NumberFormatException e) {
            throw wrong(COLUMNS.get(column), text, "a number", e);
        }
        if (!(value >= min && value <= max)) {
            throw wrong(COLUMNS.get(column), text, min + " to " + max);
        }
        return value;
    }

    private IllegalArgumentException wrong(final String column, final String found, final String allowed) {
        return wrong(column, found, allowed, null);
    }

    private IllegalArgumentException wrong(
            final String column, final String found, final String allowed, final Exception cause) {
        return new IllegalArgumentException(
                file + ":" + lineNumber + ": " + column + ": found '" + found + "', allowed " + allowed, cause);
    }
}
