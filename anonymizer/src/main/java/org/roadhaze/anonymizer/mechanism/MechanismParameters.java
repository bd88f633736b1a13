// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

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
}
