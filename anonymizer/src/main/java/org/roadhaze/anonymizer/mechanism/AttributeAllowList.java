// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.roadhaze.position.Position.UNKNOWN;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.config.ConfigMap;
import org.roadhaze.config.ConfigNode;
import org.roadhaze.config.Spelling;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;

/**
 * Lets the named attributes out and no other, each as it is or rounded down to a bucket. What the device did not say is
 * absent; what it said twice leaves once, as it was said first. Events that the stages derive leave as often as they
 * happened: a vehicle may enter two geofences with one fix. With {@code require: any} a record that has none of them does
 * not leave at all: such a stream carries events and nothing else.
 *
 * <p>Speed, course, altitude, satellites and HDOP come from the position's own fields. A speed is stored in cm/s, which
 * can tell 0.04 km/h apart, and so leaves rounded to 0.1 km/h.
 */
public final class AttributeAllowList implements Mechanism {
    private static final int NOT_A_FIELD = Integer.MIN_VALUE + 1;
    private static final int SPEED = Attribute.SPEED.key();
    private static final int COURSE = Attribute.COURSE.key();
    private static final int ALTITUDE = Attribute.ALTITUDE.key();
    private static final int SATELLITES = Attribute.SATELLITES.key();
    private static final int HDOP = Attribute.HDOP.key();

    private final int[] keys;
    private final long[] buckets;
    private final boolean[] repeated;
    private final boolean requireAny;

    AttributeAllowList(final Parameters parameters) {
        final int count = parameters.keep().size();
        keys = new int[count];
        buckets = new long[count];
        repeated = new boolean[count];
        requireAny = parameters.require() == Require.ANY;
        for (int i = 0; i < count; i++) {
            keys[i] = parameters.keep().get(i).key();
            buckets[i] = parameters.keep().get(i).bucket();
            final Attribute attribute = Attribute.ofKey(keys[i]);
            repeated[i] = attribute != null && attribute.kind() == Attribute.Kind.DERIVED;
        }
    }

    @Override
    public void accept(final Candidate candidate, final Outlet outlet) {
        final Position position = candidate.position();
        final Release release = candidate.release();
        for (int i = 0; i < keys.length; i++) {
            final int key = keys[i];
            final int field = field(key, position);
            if (field != NOT_A_FIELD) {
                if (field != UNKNOWN) {
                    release.attribute(key, bucketed(field, buckets[i]));
                }
                continue;
            }
            for (int index = 0; index < position.attributeCount(); index++) {
                if (position.attributeKey(index) == key) {
                    release.attribute(key, bucketed(position.attributeValue(index), buckets[i]));
                    if (!repeated[i]) {
                        break;
                    }
                }
            }
        }
        if (requireAny && release.attributeCount() == 0) {
            outlet.suppress(candidate, SuppressionReason.NO_KEPT_ATTRIBUTE);
        } else {
            outlet.pass(candidate);
        }
    }

    /** The value that a position holds in a field of its own, in the attribute's scale. */
    private static int field(final int key, final Position position) {
        if (key == SPEED) {
            final int speed = position.speedCmPerSec();
            return speed == UNKNOWN ? UNKNOWN : tenthsOfKmh(speed) * 10;
        }
        if (key == COURSE) {
            return position.courseCdeg();
        }
        if (key == ALTITUDE) {
            return position.altitudeCm();
        }
        if (key == SATELLITES) {
            return position.satellites();
        }
        return key == HDOP ? position.hdopCenti() : NOT_A_FIELD;
    }

    /** 1 cm/s is 0.36 tenths of a km/h; to the nearest. */
    private static int tenthsOfKmh(final int cmPerSec) {
        return (int) ((cmPerSec * 36L + 50) / 100);
    }

    private static long bucketed(final long value, final long bucket) {
        return bucket <= 1 ? value : value - Math.floorMod(value, bucket);
    }

    /**
     * One attribute that leaves.
     *
     * @param key    see {@link Attribute}.
     * @param bucket step to round down to, in the integer scale of the attribute, at least {@link #leastBucket}; 1 lets the
     *               value out as it is.
     */
    public record Kept(int key, long bucket) {
        /** Refuses a bucket out of range. */
        public Kept {
            final long least = leastBucket(key);
            if (bucket < least) {
                throw new IllegalArgumentException("bucket of " + Attribute.labelOf(key) + ": found " + bucket
                        + ", allowed " + least + " or more");
            }
        }

        /**
         * The finest step in which an attribute may leave.
         *
         * @param key see {@link Attribute}.
         * @return {@link Attribute#leastBucket()}, and 1 for an I/O element, of which nobody here knows what it counts.
         */
        static long leastBucket(final int key) {
            final Attribute attribute = Attribute.ofKey(key);
            return attribute == null ? 1 : attribute.leastBucket();
        }

        private String text() {
            final Attribute attribute = Attribute.ofKey(key);
            final String label = Attribute.labelOf(key);
            if (bucket == 1) {
                return label;
            }
            final int decimals = Attribute.isIo(key) ? 0 : attribute.decimals();
            final String unit = Attribute.isIo(key) || attribute.unit().isEmpty() ? "" : " " + attribute.unit();
            return label + " in steps of "
                    + BigDecimal.valueOf(bucket, decimals).stripTrailingZeros().toPlainString() + unit;
        }
    }

    /** Which records leave at all. */
    public enum Require {
        /** Every record, with those of the attributes that it has. */
        NONE,
        /** Records with at least one of the attributes. */
        ANY
    }

    /**
     * What leaves.
     *
     * @param keep    the attributes, none twice.
     * @param require which records leave at all.
     */
    public record Parameters(List<Kept> keep, Require require) implements MechanismParameters {
        /** Refuses an empty list and a key that is named twice. */
        public Parameters {
            keep = List.copyOf(keep);
            final Set<Integer> seen = new HashSet<>();
            for (final Kept kept : keep) {
                if (!seen.add(kept.key())) {
                    throw new IllegalArgumentException("keep: found " + Attribute.labelOf(kept.key()) + " twice");
                }
            }
        }

        static Parameters read(final ConfigMap map) {
            final List<Kept> keep = new ArrayList<>();
            final Set<Integer> seen = new HashSet<>();
            for (final ConfigNode item : map.list("keep")) {
                final int before = map.reader().problemCount();
                final Kept kept = readOne(item);
                if (map.reader().problemCount() == before) {
                    if (seen.add(kept.key())) {
                        keep.add(kept);
                    } else {
                        item.problem(Attribute.labelOf(kept.key()) + " again", "each attribute once");
                    }
                }
            }
            final Require require = map.choice("require", Require.class, Require.NONE);
            if (require == Require.ANY && keep.isEmpty()) {
                map.keyProblem("require", "any", "none where no attribute is kept: no record would ever leave");
            }
            return new Parameters(keep, require);
        }

        private static Kept readOne(final ConfigNode item) {
            if (!item.isMap()) {
                final int key = keyOf(item, item.text(), false);
                return new Kept(key, Kept.leastBucket(key));
            }
            final ConfigMap entry = item.map();
            if (entry.names().size() != 1) {
                item.problem("a mapping of " + entry.names().size() + " keys", "NAME or { NAME: { bucket: NUMBER } }");
                return new Kept(0, 1);
            }
            final String name = entry.names().iterator().next();
            final int key = keyOf(item, name, true);
            final ConfigMap settings = entry.map(name);
            return new Kept(key, bucketOf(settings, Attribute.isIo(key) ? null : Attribute.ofKey(key)));
        }

        private static long bucketOf(final ConfigMap settings, final Attribute attribute) {
            final int decimals = attribute == null ? 0 : attribute.decimals();
            final long least = attribute == null ? 1 : attribute.leastBucket();
            final String number = least == 1
                    ? "a positive number"
                    : BigDecimal.valueOf(least, decimals).stripTrailingZeros().toPlainString() + " or more,";
            final String allowed = number + " with at most " + decimals + " decimals"
                    + (attribute == null || attribute.unit().isEmpty() ? "" : ", in " + attribute.unit());
            final String text = settings.text("bucket");
            try {
                final BigDecimal scaled = new BigDecimal(text).movePointRight(decimals);
                final long bucket = scaled.setScale(0, RoundingMode.UNNECESSARY).longValueExact();
                if (bucket >= least) {
                    return bucket;
                }
            } catch (final ArithmeticException | NumberFormatException e) {
                // Neither a number nor one that the attribute's scale can hold: told below like one out of range.
                if (text.isEmpty()) {
                    return least;
                }
            }
            settings.keyProblem("bucket", text, allowed);
            return least;
        }

        private static int keyOf(final ConfigNode item, final String name, final boolean hasBucket) {
            final int key = Attribute.keyOf(name);
            if (key < 0) {
                item.problem(name, "an attribute's name or io<NUMBER>" + Spelling.suggestion(name, labels()));
                return 0;
            }
            if (!Attribute.isIo(key)) {
                final Attribute.Kind kind = Attribute.ofKey(key).kind();
                if (kind == Attribute.Kind.IDENTIFYING) {
                    item.problem(name + " names a person, a vehicle, a device or its place, and never leaves", "");
                } else if (kind == Attribute.Kind.AGGREGATE) {
                    item.problem(name + " is of many devices together, and leaves in aggregates alone", "");
                } else if (kind == Attribute.Kind.MONOTONE && !hasBucket) {
                    item.problem(
                            name + " counts up and so links any two records of a vehicle, whatever its pseudonym;"
                                    + " it leaves in a bucket only: { " + name + ": { bucket: NUMBER } }",
                            "");
                } else if (kind == Attribute.Kind.MONOTONE) {
                    item.warning(
                            name + " links records even in steps: the next records of a vehicle are in the same step or"
                                    + " the one after it, whatever its pseudonym, and where the step changes the value is known;"
                                    + " leave it out where pseudonyms must not be linked");
                }
            } else {
                item.warning(name + " is whatever the device's maker means by it: make sure that it identifies nobody");
            }
            return key;
        }

        private static List<String> labels() {
            final List<String> labels = new ArrayList<>();
            for (final Attribute attribute : Attribute.values()) {
                labels.add(attribute.label());
            }
            return labels;
        }

        @Override
        public Mechanism build(final MechanismContext context) {
            return new AttributeAllowList(this);
        }

        @Override
        public String effect() {
            final List<String> texts = new ArrayList<>();
            for (final Kept kept : keep) {
                texts.add(kept.text());
            }
            if (texts.isEmpty()) {
                return "none";
            }
            return String.join(", ", texts) + "; no other" + (require == Require.ANY ? "; no record without" : "");
        }

        @Override
        public String canonical() {
            final StringBuilder text = new StringBuilder(require == Require.ANY ? "require any keep" : "keep");
            final List<Kept> sorted = new ArrayList<>(keep);
            sorted.sort(Comparator.comparingInt(Kept::key));
            for (final Kept kept : sorted) {
                text.append(' ').append(kept.key()).append('/').append(kept.bucket());
            }
            return text.toString();
        }

        @Override
        public Rebuilding rebuilding() {
            return Rebuilding.PURE;
        }

        @Override
        public Set<String> inputs() {
            final Set<String> inputs = new HashSet<>();
            for (final Kept kept : keep) {
                inputs.add(Attribute.labelOf(kept.key()));
            }
            return inputs;
        }

        /**
         * Whether no record leaves without at least one of some attributes.
         *
         * @param attributes the attributes.
         * @return true when nothing else lets a record out.
         */
        public boolean requiresOneOf(final Set<Attribute> attributes) {
            for (final Kept kept : keep) {
                if (!attributes.contains(Attribute.ofKey(kept.key()))) {
                    return false;
                }
            }
            return require == Require.ANY;
        }

        /**
         * Whether an attribute is among them.
         *
         * @param attribute the attribute.
         * @return true when it leaves.
         */
        public boolean keeps(final Attribute attribute) {
            for (final Kept kept : keep) {
                if (kept.key() == attribute.key()) {
                    return true;
                }
            }
            return false;
        }
    }
}
