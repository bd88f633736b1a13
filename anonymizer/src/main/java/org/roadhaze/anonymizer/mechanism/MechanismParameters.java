// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.time.Duration;
import java.util.Set;
import org.roadhaze.anonymizer.Mechanism;

/** What a policy says of one mechanism: values within their ranges, and what follows from them. Immutable. */
public interface MechanismParameters {
    /**
     * Builds a mechanism for one worker.
     *
     * @param context the stream and its keys.
     * @return a new mechanism.
     */
    Mechanism build(MechanismContext context);

    /**
     * What leaves, for a person who reads the effective policy.
     *
     * @return a phrase without a full stop.
     */
    String effect();

    /**
     * The same for a machine: equal for two parameters exactly when they let the same out. The policy's hash is over it.
     *
     * @return one line.
     */
    String canonical();

    /**
     * What of a position the release depends on, and on nothing else: {@code deviceId}, {@code fixTime}, {@code place}, or
     * labels of attributes.
     *
     * @return the names.
     */
    Set<String> inputs();

    /**
     * How long the mechanism may hold a record back, at most, in the time of the records: what a crash can lose.
     *
     * @return zero when it holds none.
     */
    default Duration holdsBack() {
        return Duration.ZERO;
    }

    /**
     * What may be made again of the mechanism's state after the process died.
     *
     * @return that nothing may, unless it says otherwise.
     */
    default Rebuilding rebuilding() {
        return Rebuilding.NEVER;
    }

    /**
     * How long before the oldest record that it may hold its knowledge of a device has to begin, so that it treats that record as
     * if it had always known the device. The steps before it have to know it as long before that.
     *
     * @return zero when it needs to know nothing of what came before.
     */
    default Duration looksBack() {
        return Duration.ZERO;
    }

    /**
     * Whether it counts other devices, or mixes their records: then one worker must see the whole fleet.
     *
     * @return false unless it does.
     */
    default boolean needsWholeFleet() {
        return false;
    }

    /**
     * Whether records leave in another order than they came in, so that it shows nothing of who sent them.
     *
     * @return false unless they do.
     */
    default boolean mixesRecords() {
        return false;
    }
}
