// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * Reads traces, gzipped or not, of two formats:
 *
 * <pre>
 *  *.csv    device,time,latitude,longitude      a header, then rows, see {@link TraceReader}
 *  *.delta  # name                              then rows dt,dlat,dlon: differences to the row before, the first of
 *                                               a device to zero; seconds and 1e-5 degrees
 * </pre>
 *
 * A fix older than the one before it of its device is left out: these files hold what was measured, in order.
 */
public final class TraceFiles {
    private static final double E7 = 1e7;
    private static final String DELTA_ALLOWED =
            "dt,dlat,dlon below a line with # and a name: differences to the row before"
                    + " in seconds and 1e-5 degrees, of a time before the year 2100 and a place on earth";

    private TraceFiles() {}

    /**
     * Every track of a file, in the order in which the devices first appear.
     *
     * @param file is named {@code *.delta} or {@code *.delta.gz}, or holds rows.
     * @return its tracks.
     * @throws IOException if the file cannot be read.
     * @throws IllegalArgumentException when a line is wrong: names file, line, what was found and what is allowed.
     */
    public static List<Track> read(final Path file) throws IOException {
        final String name = String.valueOf(file.getFileName());
        if (!name.contains(".delta")) {
            return rows(file);
        }
        try (InputStream bytes = Files.newInputStream(file);
                InputStream plain = name.endsWith(".gz") ? new GZIPInputStream(bytes, 1 << 16) : bytes;
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8), 1 << 16)) {
            return deltas(lines, file);
        }
    }

    private static List<Track> deltas(final BufferedReader lines, final Path file) throws IOException {
        final List<Track> tracks = new ArrayList<>();
        Track.Builder track = null;
        long seconds = 0;
        long newestSeconds = 0;
        long latitudeE5 = 0;
        long longitudeE5 = 0;
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (line.startsWith("#")) {
                if (track != null) {
                    tracks.add(track.build());
                }
                track = Track.builder(line.substring(1).trim());
                seconds = 0;
                newestSeconds = 0;
                latitudeE5 = 0;
                longitudeE5 = 0;
                continue;
            }
            final int first = line.indexOf(',');
            final int second = line.indexOf(',', first + 1);
            if (track == null || first < 0 || second < 0) {
                throw wrong(file, number, line, null);
            }
            try {
                seconds += Long.parseLong(line, 0, first, 10);
                latitudeE5 += Long.parseLong(line, first + 1, second, 10);
                longitudeE5 += Long.parseLong(line, second + 1, line.length(), 10);
            } catch (final NumberFormatException e) {
                throw wrong(file, number, line, e);
            }
            if (!isWithin(seconds, 0, TraceReader.END_OF_TIME_MS / 1000 - 1)
                    || !isWithin(latitudeE5, -90 * 100_000, 90 * 100_000)
                    || !isWithin(longitudeE5, -180 * 100_000, 180 * 100_000)) {
                throw wrong(file, number, line, null);
            }
            if (seconds >= newestSeconds) {
                newestSeconds = seconds;
                track.add(seconds * 1000, latitudeE5 / 1e5, longitudeE5 / 1e5);
            }
        }
        if (track != null) {
            tracks.add(track.build());
        }
        return tracks;
    }

    private static boolean isWithin(final long value, final long least, final long most) {
        return least <= value && value <= most;
    }

    private static List<Track> rows(final Path file) throws IOException {
        final Map<String, Track.Builder> tracks = new LinkedHashMap<>();
        final Map<String, Long> newest = new LinkedHashMap<>();
        TraceReader.read(file, (device, timeMs, latitudeE7, longitudeE7, altitudeM, speedKmh, courseDeg) -> {
            if (newest.merge(device, timeMs, Math::max) == timeMs) {
                tracks.computeIfAbsent(device, Track::builder).add(timeMs, latitudeE7 / E7, longitudeE7 / E7);
            }
        });
        return tracks.values().stream().map(Track.Builder::build).toList();
    }

    private static IllegalArgumentException wrong(
            final Path file, final int line, final String found, final NumberFormatException cause) {
        return new IllegalArgumentException(
                file + ":" + line + ": found '" + found + "', allowed " + DELTA_ALLOWED, cause);
    }
}
