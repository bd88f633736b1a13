// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.roadhaze.evaluation.TraceReader;
import org.roadhaze.evaluation.Track;
import org.roadhaze.simulator.Ledger;
import org.roadhaze.simulator.LedgerReader;

/** Reads what really happened: ledgers that {@code simulate} wrote, or traces as it reads them. */
final class TruthFiles {
    private static final double E7 = 1e7;

    private final Map<String, Fixes> devices = new LinkedHashMap<>();

    private TruthFiles() {}

    /** The fixes of one device, in the order of the file. */
    private static final class Fixes {
        private int size;
        private long[] timeMs = new long[64];
        private int[] latitudeE7 = new int[64];
        private int[] longitudeE7 = new int[64];

        private void add(final long fixTimeMs, final int latE7, final int lonE7) {
            if (size == timeMs.length) {
                timeMs = Arrays.copyOf(timeMs, 2 * size);
                latitudeE7 = Arrays.copyOf(latitudeE7, 2 * size);
                longitudeE7 = Arrays.copyOf(longitudeE7, 2 * size);
            }
            timeMs[size] = fixTimeMs;
            latitudeE7[size] = latE7;
            longitudeE7[size++] = lonE7;
        }

        private Track track(final String name) {
            final Track.Builder track = Track.builder(name);
            IntStream.range(0, size)
                    .boxed()
                    .sorted(Comparator.comparingLong(i -> timeMs[i]))
                    .forEach(i -> track.add(timeMs[i], latitudeE7[i] / E7, longitudeE7[i] / E7));
            return track.build();
        }
    }

    /**
     * Reads files of one kind: a device of one name is the same in all of them.
     *
     * @param files at least one.
     * @return a track for each device.
     * @throws IOException when a file cannot be read: names it.
     * @throws IllegalArgumentException when a line is wrong, or files of both kinds are there: names file, line, what was
     *     found and what is allowed.
     */
    static List<Track> read(final List<Path> files) throws IOException {
        final TruthFiles truth = new TruthFiles();
        final boolean isLedger = isLedger(files.get(0));
        for (final Path file : files) {
            if (isLedger(file) != isLedger) {
                throw new IllegalArgumentException(file + ":1: found a " + (isLedger ? "trace" : "ledger")
                        + " beside a " + (isLedger ? "ledger" : "trace")
                        + ", allowed files of one kind: a device has different names in the two");
            }
            try {
                truth.add(file, isLedger);
            } catch (final IOException e) {
                throw Failures.of(file, e);
            }
        }
        return truth.devices.entrySet().stream()
                .map(device -> device.getValue().track(device.getKey()))
                .toList();
    }

    private void add(final Path file, final boolean isLedger) throws IOException {
        if (isLedger) {
            LedgerReader.read(file, (imei, timeMs, latitudeE7, longitudeE7, sequence) -> fixes(Long.toString(imei))
                    .add(timeMs, latitudeE7, longitudeE7));
        } else {
            TraceReader.read(
                    file, (device, timeMs, latitudeE7, longitudeE7, altitudeM, speedKmh, courseDeg) -> fixes(device)
                            .add(timeMs, latitudeE7, longitudeE7));
        }
    }

    private Fixes fixes(final String device) {
        return devices.computeIfAbsent(device, none -> new Fixes());
    }

    private static boolean isLedger(final Path file) throws IOException {
        final byte[] header = (Ledger.HEADER + "\n").getBytes(StandardCharsets.US_ASCII);
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(header, in.readNBytes(header.length));
        } catch (final IOException e) {
            throw Failures.of(file, e);
        }
    }
}
