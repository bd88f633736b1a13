// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import java.util.concurrent.atomic.AtomicLong;

/** What the forces of the disk took. Written by the commit thread, read by anyone. */
public final class CommitCounters {
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong totalNs = new AtomicLong();
    private final AtomicLong longestNs = new AtomicLong();

    void committed(final long ns) {
        commits.lazySet(commits.getPlain() + 1);
        totalNs.lazySet(totalNs.getPlain() + ns);
        if (ns > longestNs.getPlain()) {
            longestNs.lazySet(ns);
        }
    }

    /**
     * Groups that were forced; none unless {@link AckLevel#SYNCED}.
     *
     * @return how many.
     */
    public long commits() {
        return commits.get();
    }

    /**
     * What all forces took together.
     *
     * @return nanoseconds.
     */
    public long totalNs() {
        return totalNs.get();
    }

    /**
     * What the longest force took.
     *
     * @return nanoseconds.
     */
    public long longestNs() {
        return longestNs.get();
    }
}
