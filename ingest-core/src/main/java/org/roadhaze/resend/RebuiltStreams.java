// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.resend;

import java.util.Set;

/**
 * Streams whose chains are made again at a start from what a journal has: a record is stored in them exactly when it is in the
 * journal, wherever it is held.
 *
 * @param journal the journal's name; null when there is none.
 * @param streams the names of the streams.
 */
public record RebuiltStreams(String journal, Set<String> streams) {
    /** None is. */
    public static final RebuiltStreams NONE = new RebuiltStreams(null, Set.of());

    /** Copies the set. */
    public RebuiltStreams {
        streams = Set.copyOf(streams);
    }
}
