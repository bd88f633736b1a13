// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Who is behind the ids of the second half of the time? Three attackers know the first half: as it was, or, adaptive, as it comes
 * out of the same chain.
 */
record Reidentification(
        HeatMapAttack.Result heatMaps,
        HeatMapAttack.Result heatMapsAdaptive,
        HeatMapAttack.Result stops,
        HeatMapAttack.Result stopsAdaptive,
        HeatMapAttack.Result markov,
        HeatMapAttack.Result markovAdaptive) {
    private static final int MOST_TARGETS = 20_000;

    static Reidentification of(
            final List<Track> tracks, final Function<List<Track>, List<Published>> chain, final long seed) {
        final long middleMs = middleMs(tracks);
        final List<Track> known = tracks.stream()
                .map(track -> track.between(Long.MIN_VALUE, middleMs))
                .toList();
        final List<PublishedTracks.OfId> targets = targets(
                chain.apply(tracks.stream()
                        .map(track -> track.between(middleMs, Long.MAX_VALUE))
                        .toList()),
                seed);
        final List<Track> adaptive =
                PublishedTracks.byDevice(PublishedTracks.ofDevices(chain.apply(known)), tracks.size());
        return new Reidentification(
                new HeatMapAttack(known, HeatMapAttack.CELL_METRES).attack(targets),
                new HeatMapAttack(adaptive, HeatMapAttack.CELL_METRES).attack(targets),
                new PoiAttack(known).attack(targets),
                new PoiAttack(adaptive).attack(targets),
                new MarkovAttack(known).attack(targets),
                new MarkovAttack(adaptive).attack(targets));
    }

    private static List<PublishedTracks.OfId> targets(final List<Published> records, final long seed) {
        // Drawn before tracks are made of them: without ids each of millions of records is a track of its own.
        final List<List<Published>> ids = new ArrayList<>();
        PublishedTracks.forEachId(PublishedTracks.ofDevices(records), ids::add);
        return HeatMapAttack.sample(ids, MOST_TARGETS, seed).stream()
                .map(PublishedTracks::ofId)
                .toList();
    }

    private static long middleMs(final List<Track> tracks) {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (final Track track : tracks) {
            if (track.size() > 0) {
                first = Math.min(first, track.timeMs(0));
                last = Math.max(last, track.timeMs(track.size() - 1));
            }
        }
        return first > last ? 0 : first + (last - first) / 2;
    }
}
