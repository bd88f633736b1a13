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
 *  *.csv    device,time,latitude,longitude      a header, then rows; epoch seconds, degrees
 *  *.delta  # name                              then rows dt,dlat,dlon: differences to the row before, the first of
 *                                               a device to zero; seconds and 1e-5 degrees
 * </pre>
 *
 * A fix older than the one before it of its device is left out: these files hold what was measured, in order.
 */
public final class TraceFiles {
    private TraceFiles() {}

    /**
     * Every track of a file, in the order in which the devices first appear.
     *
     * @throws IOException if the file cannot be read; the message names the line if it is malformed.
     */
    public static List<Track> read(final Path file) throws IOException {
        final String name = String.valueOf(file.getFileName());
        try (InputStream bytes = Files.newInputStream(file);
                InputStream plain = name.endsWith(".gz") ? new GZIPInputStream(bytes, 1 << 16) : bytes;
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8), 1 << 16)) {
            return name.contains(".delta") ? deltas(lines, name) : rows(lines, name);
        }
    }

    private static List<Track> deltas(final BufferedReader lines, final String file) throws IOException {
        final List<Track> tracks = new ArrayList<>();
        Track.Builder track = null;
        long seconds = 0;
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
                latitudeE5 = 0;
                longitudeE5 = 0;
                continue;
            }
            final int first = line.indexOf(',');
            final int second = line.indexOf(',', first + 1);
            if (track == null || first < 0 || second < 0) {
                throw malformed(file, number);
            }
            try {
                seconds += Long.parseLong(line, 0, first, 10);
                latitudeE5 += Long.parseLong(line, first + 1, second, 10);
                longitudeE5 += Long.parseLong(line, second + 1, line.length(), 10);
            } catch (final NumberFormatException e) {
                throw malformed(file, number, e);
            }
            track.add(seconds * 1000, latitudeE5 / 1e5, longitudeE5 / 1e5);
        }
        if (track != null) {
            tracks.add(track.build());
        }
        return tracks;
    }

    private static List<Track> rows(final BufferedReader lines, final String file) throws IOException {
        final Map<String, Track.Builder> tracks = new LinkedHashMap<>();
        final Map<String, Long> newest = new LinkedHashMap<>();
        int number = 1;
        lines.readLine();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            final List<String> fields = List.of(line.split(",", -1));
            if (fields.size() != 4) {
                throw malformed(file, number);
            }
            try {
                final String device = fields.get(0);
                final long timeMs = Math.round(Double.parseDouble(fields.get(1)) * 1000);
                if (newest.merge(device, timeMs, Math::max) == timeMs) {
                    tracks.computeIfAbsent(device, Track::builder)
                            .add(timeMs, Double.parseDouble(fields.get(2)), Double.parseDouble(fields.get(3)));
                }
            } catch (final NumberFormatException e) {
                throw malformed(file, number, e);
            }
        }
        return tracks.values().stream().map(Track.Builder::build).toList();
    }

    private static IOException malformed(final String file, final int line) {
        return malformed(file, line, null);
    }

    private static IOException malformed(final String file, final int line, final NumberFormatException cause) {
        return new IOException(file + ": line " + line + " is malformed", cause);
    }
}
