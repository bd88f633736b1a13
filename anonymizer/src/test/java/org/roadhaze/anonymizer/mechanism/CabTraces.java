// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Fixes of San Francisco's taxis, in the order of their times; where the shared data is. */
final class CabTraces {
    private static final long DAY_S = 86_400;

    /** A fix of a taxi, numbered from 1. */
    record Fix(int device, long timeMs, int latitudeE7, int longitudeE7) {}

    private CabTraces() {}

    /** The 496 taxis of a Sunday. */
    static List<Fix> oneDay(final Path shared) throws IOException {
        final List<Fix> fixes = new ArrayList<>();
        final Map<String, Integer> devices = new HashMap<>();
        for (final String line : lines(shared.resolve("traces/cabs-one-day.csv.gz"))) {
            final String[] field = line.split(",", -1);
            if (!"time".equals(field[1])) {
                final int device = devices.computeIfAbsent(field[0], name -> devices.size() + 1);
                fixes.add(new Fix(
                        device,
                        1_000 * Long.parseLong(field[1]),
                        (int) Math.round(1e7 * Double.parseDouble(field[2])),
                        (int) Math.round(1e7 * Double.parseDouble(field[3]))));
            }
        }
        fixes.sort(Comparator.comparingLong(Fix::timeMs));
        return fixes;
    }

    /** The 260 taxis on one day, UTC, of the 24. */
    static List<Fix> dayOf24(final Path shared, final long day) throws IOException {
        final List<Fix> fixes = new ArrayList<>();
        int device = 0;
        long time = 0;
        long latitude = 0;
        long longitude = 0;
        for (final String line : lines(shared.resolve("traces/cabs-24-days.delta.gz"))) {
            if (line.startsWith("#")) {
                device++;
                time = 0;
                latitude = 0;
                longitude = 0;
                continue;
            }
            final String[] field = line.split(",", -1);
            time += Long.parseLong(field[0].trim());
            latitude += Long.parseLong(field[1].trim());
            longitude += Long.parseLong(field[2].trim());
            if (Math.floorDiv(time, DAY_S) == day) {
                fixes.add(new Fix(device, 1_000 * time, (int) (100 * latitude), (int) (100 * longitude)));
            }
        }
        fixes.sort(Comparator.comparingLong(Fix::timeMs));
        return fixes;
    }

    private static List<String> lines(final Path file) throws IOException {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
            return reader.lines().toList();
        }
    }
}
