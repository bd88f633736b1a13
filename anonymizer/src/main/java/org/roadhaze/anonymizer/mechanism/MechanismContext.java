// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.time.Duration;
import java.util.List;
import org.roadhaze.anonymizer.BudgetLedger;
import org.roadhaze.anonymizer.HeldFixes;
import org.roadhaze.anonymizer.key.EpochRandom;
import org.roadhaze.anonymizer.key.KeyRing;

/**
 * What a mechanism is built with beside its parameters.
 *
 * @param stream     the stream that it works for.
 * @param keys       the keys of all streams.
 * @param maxDevices of how many devices it may keep a state, at least 1.
 * @param attributes keys of the attributes that the stream's steps look at: what a mechanism that holds records must keep.
 * @param budgets    what devices have spent of their privacy, in all streams and workers.
 * @param sinceMs    from when on it is given every record that is received: when the engine started, or, of a mechanism that is
 *                   rebuilt, when the first of the records was received that it is given again. Milliseconds since 1970-01-01 UTC.
 * @param segments   of a mechanism that is rebuilt, the segments that left of its stream; null otherwise.
 */
public record MechanismContext(
        String stream,
        KeyRing keys,
        int maxDevices,
        List<Integer> attributes,
        BudgetLedger budgets,
        long sinceMs,
        SegmentsThatLeft segments) {
    /** Copies the list. */
    public MechanismContext {
        attributes = List.copyOf(attributes);
    }

    /**
     * A context of a stream that shares no budget with another.
     *
     * @param stream     the stream.
     * @param keys       the keys.
     * @param maxDevices of how many devices a mechanism may keep a state, at least 1.
     * @param attributes as above.
     */
    public MechanismContext(
            final String stream, final KeyRing keys, final int maxDevices, final List<Integer> attributes) {
        this(stream, keys, maxDevices, attributes, new BudgetLedger(maxDevices));
    }

    /**
     * A context of a mechanism that begins now.
     *
     * @param stream     the stream.
     * @param keys       the keys, whose clock says when now is.
     * @param maxDevices as above.
     * @param attributes as above.
     * @param budgets    as above.
     */
    public MechanismContext(
            final String stream,
            final KeyRing keys,
            final int maxDevices,
            final List<Integer> attributes,
            final BudgetLedger budgets) {
        this(stream, keys, maxDevices, attributes, budgets, keys.nowMs(), null);
    }

    /** How long a key of a stream's randomness is used: what is longer cannot be a function of it. */
    public static final Duration RANDOMNESS_ROTATES = Duration.ofHours(24);

    /** A name that no stream can have. */
    private static final String RANDOMNESS = ".random";

    /**
     * A context of a stream that holds nothing back, looks at no attributes, and shares no budget with another.
     *
     * @param stream the stream.
     * @param keys   the keys.
     * @return the context, for 100,000 devices.
     */
    public static MechanismContext of(final String stream, final KeyRing keys) {
        return new MechanismContext(stream, keys, 100_000, List.of());
    }

    /**
     * Randomness of this stream.
     *
     * @param use what for.
     * @return a source, the caller's alone.
     */
    public EpochRandom random(final EpochRandom.Use use) {
        return new EpochRandom(keys.of(stream + RANDOMNESS, RANDOMNESS_ROTATES), use);
    }

    /**
     * A store for records that are held back.
     *
     * @param limit how many at most.
     * @return a store, the caller's alone.
     */
    public HeldFixes heldFixes(final int limit) {
        final int[] keys = new int[attributes.size()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = attributes.get(i);
        }
        return new HeldFixes(keys, limit);
    }
}
