// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Whether ids last over trips: only then do the records of an id tell of trips, and not of pieces of them. A trip is a device's run
 * without a silence of 20 minutes.
 *
 * @param told trips of which two records or more left.
 * @param whole of those, how many left under one id.
 */
public record WholeTrips(long told, long whole) {
    private static final double MOST = 0.5;

    static WholeTrips of(final List<Track> tracks, final List<Published> records) {
        final List<Tally> tallies = new ArrayList<>();
        tracks.forEach(track -> tallies.add(new Tally(track)));
        records.forEach(record -> tallies.get(record.trueDevice()).add(record));
        return new WholeTrips(
                tallies.stream().mapToLong(Tally::told).sum(),
                tallies.stream().mapToLong(Tally::whole).sum());
    }

    /** Of trips of which records left; NaN if there is none. */
    public double share() {
        return told == 0 ? Double.NaN : (double) whole / told;
    }

    /** Whether most trips left whole. Where nothing left, nothing was broken. */
    public boolean areMost() {
        return told == 0 || share() > MOST;
    }

    /** What left of the trips of one device. */
    private static final class Tally {
        private final long[] beginMs;
        private final long[] idOf;
        private final int[] records;
        private final boolean[] isBroken;

        private Tally(final Track track) {
            final List<Track> runs = HomeInference.runs(track, StopPromise.SILENCE_MS);
            beginMs = runs.stream()
                    .filter(run -> run.size() > 0)
                    .mapToLong(run -> run.timeMs(0))
                    .toArray();
            idOf = new long[beginMs.length];
            records = new int[beginMs.length];
            isBroken = new boolean[beginMs.length];
        }

        private void add(final Published record) {
            final int found = Arrays.binarySearch(beginMs, record.trueTimeMs());
            final int trip = found < 0 ? -found - 2 : found;
            isBroken[trip] |= record.id() == Published.NO_ID || (records[trip] > 0 && record.id() != idOf[trip]);
            idOf[trip] = record.id();
            records[trip]++;
        }

        private long told() {
            return Arrays.stream(records).filter(count -> count > 1).count();
        }

        private long whole() {
            long whole = 0;
            for (int trip = 0; trip < records.length; trip++) {
                whole += records[trip] > 1 && !isBroken[trip] ? 1 : 0;
            }
            return whole;
        }
    }
}
