// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class MarkovAttackTest {
    private static final long MINUTE = 60_000;

    /** Stays at each place, by its metres north, for twenty minutes, and is at once at the next. */
    private static Track stays(final double... northMetres) {
        final Track.Builder track = Track.builder("s");
        for (int i = 0; i < northMetres.length; i++) {
            for (int minute = 0; minute <= 20; minute += 5) {
                track.add((i * 30 + minute) * MINUTE, AttacksTest.degrees(northMetres[i]), 0);
            }
        }
        return track.build();
    }

    @Test
    void shouldWeighPlacesByTheirVisits() {
        final List<MarkovAttack.State> chain = MarkovAttack.chain(stays(0, 5000, 100, 9000));
        assertEquals(3, chain.size(), "the third is near the first");
        assertEquals(0.5, chain.get(0).weight());
        assertEquals(0, chain.get(0).latitude(), 1e-9);
        assertEquals(0.25, chain.get(1).weight());
    }

    @Test
    void shouldFindWhosePlacesAreNear() {
        final MarkovAttack attack = new MarkovAttack(List.of(stays(0, 5000), stays(0, 9000), stays()));
        assertEquals(1, attack.nearest(stays(100, 8000)));
        assertEquals(0, attack.nearest(stays(100, 6000)));
        assertEquals(-1, attack.nearest(stays()), "who never stops is nobody");
        assertEquals(
                new HeatMapAttack.Result(2, 1),
                attack.attack(List.of(
                        new PublishedTracks.OfId(1, stays(0, 9000)),
                        new PublishedTracks.OfId(1, stays(0, 5000)),
                        new PublishedTracks.OfId(1, stays()))));
    }

    /** 10,025 m to the first and 9,975 m to the second in the mean; but the first of its places is the first's. */
    @Test
    void shouldCompareTheHeaviestPlacesWhereAllAreFar() {
        final Track seen = stays(50, 20_000);
        assertEquals(0, new MarkovAttack(List.of(stays(0), stays(11_000))).nearest(seen));
        assertEquals(1, new MarkovAttack(List.of(stays(-300), stays(11_000))).nearest(seen), "neither is near");
    }
}
