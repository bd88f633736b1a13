// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How the frames of journals are sealed.
 *
 * @param keyFile  where the key-encryption key is, or null for {@code keys/journal.key} of the data directory; see
 *                 {@link org.roadhaze.journal.KeyProvision}.
 * @param keyEpoch how long a device's data key is used before it gets another one, {@link #LEAST_EPOCH} to
 *                 {@link #MOST_EPOCH}.
 */
public record JournalOptions(Path keyFile, Duration keyEpoch) {
    /** The shortest key epoch. */
    public static final Duration LEAST_EPOCH = Duration.ofHours(1);

    /** The longest key epoch. */
    public static final Duration MOST_EPOCH = Duration.ofDays(3650);

    /** What holds unless something else is said. */
    public static final JournalOptions DEFAULT = new JournalOptions(null, Duration.ofDays(30));
}
