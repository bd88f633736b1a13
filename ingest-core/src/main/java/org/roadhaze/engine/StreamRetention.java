// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.time.Duration;
import org.roadhaze.anonymizer.policy.Policy;
import org.roadhaze.anonymizer.policy.RebuildRules;
import org.roadhaze.anonymizer.policy.StreamPolicy;
import org.roadhaze.deadletter.DeadLetters;

/**
 * How long what left is kept: the {@code retention} of each stream, and never less than a file of an hour, since that is what is
 * deleted at a time. Of a journal no less than what is rebuilt from it after a crash: as long as any stream holds records back.
 */
record StreamRetention(Policy policy) {
    /** When all is deleted that a stream has of before. */
    long keptFromMs(final String stream, final long nowMs) {
        return nowMs - kept(policy.stream(stream)).toMillis();
    }

    /** For how long a stream of the policy is kept, as a start without it has to know. */
    KeptRecord record(final String stream) {
        final StreamPolicy of = policy.stream(stream);
        return new KeptRecord(kept(of).toMillis(), of.journal());
    }

    /**
     * When the data keys end whose epochs ended before. All journals have the same; dead letters, too, and end with them. Where
     * the policy has no journal, new ones are the dead letters' alone.
     *
     * @param nowMs      milliseconds since 1970-01-01 UTC.
     * @param leftKeptMs for how long the journals are kept that the policy does not have any more, milliseconds; 0: there is none.
     */
    long keysFromMs(final long nowMs, final long leftKeptMs) {
        final boolean isAny = policy.streams().stream().anyMatch(StreamPolicy::journal);
        Duration longest = longer(Duration.ofMillis(leftKeptMs), isAny ? Duration.ZERO : DeadLetters.KEPT);
        for (final StreamPolicy stream : policy.streams()) {
            longest = stream.journal() ? longer(longest, kept(stream)) : longest;
        }
        return nowMs - longest.toMillis();
    }

    private Duration kept(final StreamPolicy stream) {
        Duration kept = stream.retention();
        if (stream.journal()) {
            for (final StreamPolicy other : policy.streams()) {
                kept = longer(kept, longer(other.holdsBack(), RebuildRules.horizon(other)));
            }
        }
        return kept;
    }

    private static Duration longer(final Duration one, final Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }
}
