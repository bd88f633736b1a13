// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.roadhaze.anonymizer.mechanism.AttributeAllowList;
import org.roadhaze.anonymizer.mechanism.CellSize;
import org.roadhaze.anonymizer.mechanism.CrowdLadder;
import org.roadhaze.anonymizer.mechanism.ExactPlace;
import org.roadhaze.anonymizer.mechanism.KeyedPseudonym;
import org.roadhaze.anonymizer.mechanism.LearnedZones;
import org.roadhaze.anonymizer.mechanism.MechanismParameters;
import org.roadhaze.anonymizer.mechanism.PlaceCell;
import org.roadhaze.anonymizer.mechanism.PlanarLaplaceParameters;
import org.roadhaze.anonymizer.mechanism.PrivateCountsParameters;
import org.roadhaze.anonymizer.mechanism.ReorderBuffer;
import org.roadhaze.anonymizer.mechanism.SegmentPseudonym;
import org.roadhaze.anonymizer.mechanism.SplitAndGap;
import org.roadhaze.anonymizer.mechanism.TimeRounding;
import org.roadhaze.anonymizer.mechanism.TripEnds;
import org.roadhaze.anonymizer.policy.StreamPolicy;
import org.roadhaze.evaluation.Places;
import org.roadhaze.evaluation.Promises;
import org.roadhaze.evaluation.StopPromise;
import org.roadhaze.evaluation.StreamForm;
import org.roadhaze.evaluation.ZonePromise;
import org.roadhaze.position.Attribute;

/**
 * What a stream's policy promises, in the words of the verifier, which knows no policy. A step that it cannot check is named,
 * never passed over.
 */
final class PolicyPromises {
    private static final double MILLIONTHS = 1e6;

    /** What split-and-gap promises of gaps that it chooses by what else is there. */
    private static final Duration LEAST_GAP_BY_DENSITY = Duration.ofSeconds(60);

    private final List<String> notChecked = new ArrayList<>();
    private final Map<String, Double> attributes = new TreeMap<>();
    private Promises promises = Promises.NONE;
    private Places places = Places.NONE;
    private boolean hasId;
    private boolean isAggregate;
    private OptionalLong rotateMs = OptionalLong.empty();
    private OptionalLong timeStepMs = OptionalLong.empty();

    /**
     * Reads a stream's steps.
     *
     * @param stream no journal.
     */
    PolicyPromises(final StreamPolicy stream) {
        for (final StreamPolicy.Step step : stream.steps()) {
            if (!readPlace(step.parameters()) && !readRest(step.parameters())) {
                notChecked.add(step.section().key() + ": " + step.parameters().effect());
                if (step.section().publishesPlace()) {
                    places = Places.UNKNOWN;
                }
            }
        }
        if (!places.isKnown()) {
            notChecked.add("stops, crowds, ids and segments: records cannot be matched with the truth by such places");
        }
        if (!isAggregate) {
            promises = promises.only(Set.copyOf(attributes.keySet()));
        }
    }

    private boolean readPlace(final MechanismParameters parameters) {
        if (parameters instanceof TripEnds.Parameters trip) {
            promises = promises.stops(new StopPromise(
                    trip.trimMetres(),
                    trip.stopRadiusMetres(),
                    trip.stopDwell().toMillis(),
                    trip.silence().toMillis(),
                    trip.trimMetres() > 0));
        } else if (parameters instanceof LearnedZones.Parameters zones) {
            promises = promises.zones(new ZonePromise(
                    zones.radiusMetres(),
                    zones.places(),
                    zones.stay().toMillis(),
                    zones.after().toMillis(),
                    zones.halfLife().toMillis()));
        } else if (parameters instanceof CrowdLadder.Parameters crowd) {
            promises = promises.crowd(crowd.k(), crowd.window().toMillis());
            places = Places.ladder(crowd.ladder());
        } else if (parameters instanceof PlaceCell.Parameters cell) {
            places = placesOf(cell.size());
            if (cell.coarseLegal()) {
                promises = promises.cells(CellSize.LEGAL_KM2);
            }
        } else if (parameters instanceof PlanarLaplaceParameters laplace) {
            readNoise(laplace);
        } else if (parameters instanceof ExactPlace.Parameters) {
            places = Places.EXACT;
        } else if (parameters instanceof PrivateCountsParameters counts) {
            readCounts(counts);
        } else {
            return false;
        }
        return true;
    }

    private static Places placesOf(final CellSize size) {
        return switch (size.system()) {
            case H3 -> Places.h3(size.number());
            case S2 -> Places.s2(size.number());
            default -> Places.grid(size.number());
        };
    }

    private void readNoise(final PlanarLaplaceParameters laplace) {
        final CellSize then = laplace.budget().then();
        places = Places.movedOr(then == null ? Places.NONE : placesOf(then));
        notChecked.add(
                "laplace: that the noise is as large as epsilon asks, and that no device is let out in more places than"
                        + " its budget of the day allows: what left does not show it");
    }

    private void readCounts(final PrivateCountsParameters counts) {
        isAggregate = true;
        places = Places.ladder(List.of(counts.cellMetres()));
        timeStepMs = OptionalLong.of(counts.window().toMillis());
        final double epsilon = counts.epsilonMillionths() / MILLIONTHS;
        final boolean isPerDay = counts.unit() == PrivateCountsParameters.Unit.DEVICE_DAY;
        final double windows =
                Duration.ofDays(1).toMillis() / (double) counts.window().toMillis();
        promises = promises.epsilon(isPerDay ? epsilon : epsilon * windows);
        attributes.put(Attribute.DEVICE_COUNT.label(), 1.0);
        if (counts.maxSpeedKmh() > 0) {
            attributes.put(Attribute.MEAN_SPEED.label(), 0.0);
        }
        attributes.put(Attribute.EPSILON.label(), 0.0);
        attributes.put(Attribute.EPSILON_OF_DAY.label(), 0.0);
        notChecked.add(
                "counts: that the noise is as large as epsilon and delta ask, and that a device counts in at most "
                        + counts.cellsPerUnit() + " cells: what left does not show it");
    }

    private boolean readRest(final MechanismParameters parameters) {
        if (parameters instanceof KeyedPseudonym.Parameters keyed) {
            hasId = true;
            rotateMs = OptionalLong.of(keyed.rotate().toMillis());
        } else if (parameters instanceof SegmentPseudonym.Parameters) {
            hasId = true;
        } else if (parameters instanceof SplitAndGap.Parameters segments) {
            final Duration leastGap = segments.gap() == null
                    ? LEAST_GAP_BY_DENSITY
                    : segments.gap().least();
            promises = promises.segments(segments.segment().most().toMillis(), leastGap.toMillis());
            if (segments.gap() == null) {
                notChecked.add("location: that gaps last until a tracker is confused: evaluate measures what he finds");
            }
        } else if (parameters instanceof ReorderBuffer.Parameters) {
            notChecked.add(
                    "reorder: that what left does not depend on the order in which records came: it does not show it");
        } else if (parameters instanceof TimeRounding.Parameters rounding) {
            timeStepMs = OptionalLong.of(rounding.step().toMillis());
        } else if (parameters instanceof AttributeAllowList.Parameters list) {
            for (final AttributeAllowList.Kept kept : list.keep()) {
                attributes.put(
                        Attribute.labelOf(kept.key()), kept.bucket() == 1 ? 0 : inUnit(kept.key(), kept.bucket()));
            }
            if (list.require() == AttributeAllowList.Require.ANY) {
                notChecked.add("attributes: that no record leaves without one of them");
            }
        } else {
            return false;
        }
        return true;
    }

    /** A value in the attribute's unit. */
    static double inUnit(final int key, final long value) {
        final Attribute attribute = Attribute.isIo(key) ? null : Attribute.ofKey(key);
        return attribute == null ? value : value / Math.pow(10, attribute.decimals());
    }

    Promises promises() {
        return promises;
    }

    /**
     * The shortest silence that a reader of the stream sees between two ids of a vehicle, who knows the policy: times that are rounded
     * down to whole steps lie as many whole steps apart as their gap has.
     *
     * @return milliseconds, 0 without a promise.
     */
    long leastSilenceMs() {
        final long gapMs = promises.leastGapMs().orElse(0);
        return gapMs - gapMs % timeStepMs.orElse(1);
    }

    StreamForm form() {
        return new StreamForm(hasId, rotateMs, timeStepMs, places, attributes, isAggregate);
    }

    /** What the policy promises and the verifier cannot tell, a sentence each. */
    List<String> notChecked() {
        return List.copyOf(notChecked);
    }
}
