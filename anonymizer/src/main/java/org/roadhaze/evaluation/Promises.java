// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a stream promises, and the verifier holds it to. An empty promise is not checked.
 *
 * @param stops how far from every stop of its trip a fix is.
 * @param zones how far from the places at which its device stays longest a fix is.
 * @param k least distinct devices of the truth in a record's cell and window.
 * @param windowMs length of those windows, which begin at multiples of it since 1970-01-01 UTC; greater than 0.
 * @param leastCellKm2 every cell is larger than this.
 * @param mostSegmentMs longest time under one id.
 * @param leastGapMs shortest silence of a device between two ids.
 * @param attributes all that may leave.
 * @param epsilonPerDay most that a device may spend on a day of UTC.
 */
public record Promises(
        Optional<StopPromise> stops,
        Optional<ZonePromise> zones,
        OptionalInt k,
        long windowMs,
        OptionalDouble leastCellKm2,
        OptionalLong mostSegmentMs,
        OptionalLong leastGapMs,
        Optional<Set<String>> attributes,
        OptionalDouble epsilonPerDay) {
    /** Of a stream that promises nothing: only that its records are true, and their ids of one device. */
    public static final Promises NONE = new Promises(
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            300_000,
            OptionalDouble.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            OptionalDouble.empty());

    public Promises {
        if (windowMs <= 0) {
            throw new IllegalArgumentException("window of " + windowMs + " ms");
        }
        attributes = attributes.map(Set::copyOf);
    }

    /** With stops and trips as {@link StopPromise#ofTrips} has them. */
    public Promises stops(final double metres) {
        return stops(StopPromise.ofTrips(metres));
    }

    public Promises stops(final StopPromise promise) {
        return new Promises(
                Optional.of(promise),
                zones,
                k,
                windowMs,
                leastCellKm2,
                mostSegmentMs,
                leastGapMs,
                attributes,
                epsilonPerDay);
    }

    public Promises zones(final ZonePromise promise) {
        return new Promises(
                stops,
                Optional.of(promise),
                k,
                windowMs,
                leastCellKm2,
                mostSegmentMs,
                leastGapMs,
                attributes,
                epsilonPerDay);
    }

    public Promises crowd(final int devices, final long window) {
        return new Promises(
                stops,
                zones,
                OptionalInt.of(devices),
                window,
                leastCellKm2,
                mostSegmentMs,
                leastGapMs,
                attributes,
                epsilonPerDay);
    }

    public Promises cells(final double km2) {
        return new Promises(
                stops,
                zones,
                k,
                windowMs,
                OptionalDouble.of(km2),
                mostSegmentMs,
                leastGapMs,
                attributes,
                epsilonPerDay);
    }

    public Promises segments(final long mostMs, final long gapMs) {
        return new Promises(
                stops,
                zones,
                k,
                windowMs,
                leastCellKm2,
                OptionalLong.of(mostMs),
                OptionalLong.of(gapMs),
                attributes,
                epsilonPerDay);
    }

    public Promises only(final Set<String> names) {
        return new Promises(
                stops, zones, k, windowMs, leastCellKm2, mostSegmentMs, leastGapMs, Optional.of(names), epsilonPerDay);
    }

    public Promises epsilon(final double perDay) {
        return new Promises(
                stops,
                zones,
                k,
                windowMs,
                leastCellKm2,
                mostSegmentMs,
                leastGapMs,
                attributes,
                OptionalDouble.of(perDay));
    }
}
