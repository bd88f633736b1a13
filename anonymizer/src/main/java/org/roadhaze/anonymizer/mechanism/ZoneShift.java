// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.time.Duration;
import org.roadhaze.anonymizer.key.EpochRandom;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.geometry.LocalMetres;

/**
 * Shifts the centre of a zone away from the place that it hides: by an offset uniform in a disc. Whoever fits a circle to where
 * tracks break off finds the shifted centre, and of the place no more than that it lies in such a disc around it.
 *
 * <p><b>The offset of a place never changes</b> while its key lives. Were it drawn anew, by the day or after a restart, the place
 * would lie in the intersection of all the discs, which a few draws shrink to a house. So it is a function of a key that
 * survives restarts and of nothing else than the device, the place, to a cell of some 700 m, and how far it may go. A place
 * that is learned again a little beside, from other stays, gets the offset that it had, or, across the border of a cell, one
 * of four at most.
 *
 * <p>The key is the same for all streams: two that hide the same place alike have the same hole, and who reads both finds no
 * intersection. Two offsets of different reach have nothing in common. It lives for {@link #KEY_ROTATES}, longer than that of
 * any other randomness, because what is to be stable cannot have a key that dies by the day; who gets hold of it and of
 * published tracks finds the places. Zones that are learned after its end are shifted afresh.
 *
 * <p>Allocates nothing. Not thread safe: one mechanism's.
 */
final class ZoneShift {
    static final Duration KEY_ROTATES = Duration.ofDays(366);

    /** A name that no stream can have. */
    private static final String KEYS = "all-streams.zones";

    private static final int CELL_BITS = 16;
    private static final long CELL_MASK = 0xFFFF;

    private final EpochRandom random;
    private final double farthestMetres;
    private int latitudeE7;
    private int longitudeE7;

    /**
     * Makes one.
     *
     * @param keys           the keys of all streams.
     * @param farthestMetres how far a centre may be from its place, above 0.
     */
    ZoneShift(final KeyRing keys, final double farthestMetres) {
        random = new EpochRandom(keys.of(KEYS, KEY_ROTATES), EpochRandom.Use.ZONES);
        this.farthestMetres = farthestMetres;
    }

    /**
     * Finds the centre for a place. It always has a key: since 1990 there are fewer epochs than keys may live.
     *
     * @param timeMs   when it was learned; only the epoch of the key matters.
     * @param deviceId whose place it is.
     * @param latE7    the place, degrees scaled by 1e7.
     * @param lonE7    the same.
     * @param shrink   {@link LocalMetres#shrink} of the place.
     */
    void shift(final long timeMs, final long deviceId, final int latE7, final int lonE7, final double shrink) {
        final long epochMs = timeMs - Math.floorMod(timeMs, KEY_ROTATES.toMillis());
        final long which = ((long) (farthestMetres * 100) << (2 * CELL_BITS + 1))
                | ((latE7 >> CELL_BITS) & CELL_MASK) << (CELL_BITS + 1)
                | ((lonE7 >> CELL_BITS) & CELL_MASK) << 1;
        final double metres = farthestMetres * Math.sqrt(random.uniform(epochMs, deviceId, which));
        final double angle = 2 * Math.PI * random.uniform(epochMs, deviceId, which | 1);
        latitudeE7 = latE7 + (int) Math.round(metres * Math.cos(angle) / LocalMetres.PER_E7);
        longitudeE7 = LocalMetres.wrapE7(lonE7 + Math.round(metres * Math.sin(angle) / (LocalMetres.PER_E7 * shrink)));
    }

    /** Latitude of the centre, degrees scaled by 1e7. */
    int latitudeE7() {
        return latitudeE7;
    }

    /** Longitude of the centre, degrees scaled by 1e7. */
    int longitudeE7() {
        return longitudeE7;
    }
}
