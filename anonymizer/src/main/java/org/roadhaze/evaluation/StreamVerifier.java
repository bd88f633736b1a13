// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Holds published records to what their stream promises, against the truth and nothing else: stops, crowds and segments
 * are found anew here, by other code than that of the mechanisms.
 */
public final class StreamVerifier {
    private static final long DAY_MS = 86_400_000L;

    private static final double EPSILON_TOLERANCE = 1e-9;

    private final List<Track> truth;
    private final Promises promises;
    private final CellMembership membership;
    private final ToDoubleFunction<Published> epsilon;

    /**
     * @param truth every track that went in; a record's true device is an index of it.
     * @param membership of the cells that the stream publishes.
     * @param epsilon what a record has spent, as its mechanism tells; 0 for one that repeats an earlier place.
     */
    public StreamVerifier(
            final List<Track> truth,
            final Promises promises,
            final CellMembership membership,
            final ToDoubleFunction<Published> epsilon) {
        this.truth = List.copyOf(truth);
        this.promises = promises;
        this.membership = membership;
        this.epsilon = epsilon;
    }

    /** For a stream of squares or points that spends nothing. */
    public StreamVerifier(final List<Track> truth, final Promises promises) {
        this(truth, promises, CellMembership.SQUARES, record -> 0);
    }

    /** Every violation, by rule and then in the order of the records. */
    public List<Violation> verify(final List<Published> records) {
        final List<Violation> violations = new ArrayList<>();
        checkTruthAndStops(records, violations);
        checkCells(records, violations);
        checkAttributes(records, violations);
        checkSegments(records, violations);
        checkEpsilon(records, violations);
        return violations;
    }

    private void checkTruthAndStops(final List<Published> records, final List<Violation> out) {
        final StopPromise stops = promises.stops().orElse(StopPromise.ofTrips(0));
        final StopDistances[] distances = new StopDistances[truth.size()];
        for (final Published record : records) {
            final int device = record.trueDevice();
            if (distances[device] == null) {
                distances[device] = new StopDistances(truth.get(device), stops);
            }
            final double metres = distances[device].at(record.trueTimeMs());
            if (Double.isNaN(metres)) {
                out.add(new Violation(record, Violation.Rule.TRUE_FIX, "the device has no fix of this time"));
            } else if (promises.stops().isPresent() && stops.isBrokenBy(metres)) {
                out.add(new Violation(
                        record, Violation.Rule.STOP_DISTANCE, metres + " m from a stop, at least " + stops.metres()));
            }
        }
    }

    private void checkCells(final List<Published> records, final List<Violation> out) {
        if (promises.leastCellKm2().isPresent()) {
            final double least = promises.leastCellKm2().getAsDouble();
            for (final Published record : records) {
                if (!(record.cellAreaKm2() > least)) {
                    out.add(new Violation(
                            record,
                            Violation.Rule.CELL_AREA,
                            "cell of " + record.cellAreaKm2() + " km2, more than " + least));
                }
            }
        }
        if (promises.k().isPresent()) {
            final int k = promises.k().getAsInt();
            final CrowdCounts crowds = new CrowdCounts(truth, promises.windowMs(), membership);
            for (final Published record : records) {
                final int devices = crowds.devices(record);
                if (devices < k) {
                    out.add(new Violation(
                            record, Violation.Rule.CROWD, devices + " devices in cell and window, at least " + k));
                }
            }
        }
    }

    private void checkAttributes(final List<Published> records, final List<Violation> out) {
        if (promises.attributes().isEmpty()) {
            return;
        }
        for (final Published record : records) {
            for (final String attribute : record.attributes()) {
                if (!promises.attributes().get().contains(attribute)) {
                    out.add(new Violation(record, Violation.Rule.ATTRIBUTE, attribute + " is not in the list"));
                }
            }
        }
    }

    /** Ids of one device, and silences, by the true times: rounded ones could hide an overlap. */
    private void checkSegments(final List<Published> records, final List<Violation> out) {
        final Map<Long, Published> firstOfId = new HashMap<>();
        final Map<Integer, Published> lastOfDevice = new HashMap<>();
        final List<Published> ordered = new ArrayList<>(records);
        ordered.sort(Comparator.comparingLong(Published::trueTimeMs));
        for (final Published record : ordered) {
            if (record.id() == Published.NO_ID) {
                continue;
            }
            final Published first = firstOfId.computeIfAbsent(record.id(), id -> record);
            final Published before = lastOfDevice.put(record.trueDevice(), record);
            if (first.trueDevice() != record.trueDevice()) {
                out.add(new Violation(record, Violation.Rule.ONE_DEVICE, "the id is also another device's"));
            }
            final long lengthMs = record.trueTimeMs() - first.trueTimeMs();
            if (promises.mostSegmentMs().isPresent()
                    && lengthMs > promises.mostSegmentMs().getAsLong()) {
                out.add(new Violation(
                        record,
                        Violation.Rule.SEGMENT_LENGTH,
                        lengthMs + " ms under one id, at most "
                                + promises.mostSegmentMs().getAsLong()));
            }
            if (before != null
                    && before.id() != record.id()
                    && promises.leastGapMs().isPresent()) {
                final long gapMs = record.trueTimeMs() - before.trueTimeMs();
                if (gapMs < promises.leastGapMs().getAsLong()) {
                    out.add(new Violation(
                            record,
                            Violation.Rule.SEGMENT_GAP,
                            gapMs + " ms between two ids, at least "
                                    + promises.leastGapMs().getAsLong()));
                }
            }
        }
    }

    private void checkEpsilon(final List<Published> records, final List<Violation> out) {
        if (promises.epsilonPerDay().isEmpty()) {
            return;
        }
        final double most = promises.epsilonPerDay().getAsDouble();
        final Map<DeviceDay, Double> spent = new HashMap<>();
        for (final Published record : records) {
            final DeviceDay day = new DeviceDay(record.trueDevice(), Math.floorDiv(record.trueTimeMs(), DAY_MS));
            final double total = spent.merge(day, epsilon.applyAsDouble(record), Double::sum);
            if (total > most + EPSILON_TOLERANCE) {
                out.add(new Violation(record, Violation.Rule.EPSILON, total + " spent on its day, at most " + most));
            }
        }
    }

    private record DeviceDay(int device, long day) {}
}
