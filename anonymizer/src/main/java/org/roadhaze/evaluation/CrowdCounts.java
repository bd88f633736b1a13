// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Distinct devices of the truth in a published cell and window, counted from the fixes themselves. */
final class CrowdCounts {
    private final long windowMs;
    private final CellMembership membership;
    private final Map<Long, List<Fix>> windows = new HashMap<>();
    private final Map<Key, Integer> counted = new HashMap<>();

    private record Fix(int device, double latitude, double longitude) {}

    private record Key(long window, double latitude, double longitude, double areaKm2) {}

    CrowdCounts(final List<Track> truth, final long windowMs, final CellMembership membership) {
        this.windowMs = windowMs;
        this.membership = membership;
        for (int device = 0; device < truth.size(); device++) {
            final Track track = truth.get(device);
            for (int i = 0; i < track.size(); i++) {
                windows.computeIfAbsent(Math.floorDiv(track.timeMs(i), windowMs), none -> new ArrayList<>())
                        .add(new Fix(device, track.latitude(i), track.longitude(i)));
            }
        }
        windows.values().forEach(fixes -> fixes.sort(Comparator.comparingDouble(Fix::latitude)));
    }

    int devices(final Published record) {
        final long window = Math.floorDiv(record.trueTimeMs(), windowMs);
        return counted.computeIfAbsent(
                new Key(window, record.latitude(), record.longitude(), record.cellAreaKm2()),
                key -> count(windows.getOrDefault(window, List.of()), record));
    }

    private int count(final List<Fix> fixes, final Published record) {
        // No cell of this area that is at all compact reaches farther from its centre than twice its side.
        final double reach = 2000 * Math.sqrt(record.cellAreaKm2()) / Metres.PER_DEGREE;
        final Set<Integer> devices = new HashSet<>();
        for (int i = firstFrom(fixes, record.latitude() - reach); i < fixes.size(); i++) {
            final Fix fix = fixes.get(i);
            if (fix.latitude() > record.latitude() + reach) {
                break;
            }
            if (membership.holds(record, fix.latitude(), fix.longitude())) {
                devices.add(fix.device());
            }
        }
        return devices.size();
    }

    private static int firstFrom(final List<Fix> fixes, final double latitude) {
        int low = 0;
        int high = fixes.size();
        while (low < high) {
            final int middle = (low + high) >>> 1;
            if (fixes.get(middle).latitude() < latitude) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
