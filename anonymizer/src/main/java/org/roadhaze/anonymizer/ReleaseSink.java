// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer;

/** Takes what a stream lets out. Called by the worker that runs the chain, synchronously. */
@FunctionalInterface
public interface ReleaseSink {
    /**
     * Takes one record.
     *
     * @param release what leaves; valid only during the call.
     */
    void release(Release release);

    /**
     * Takes one record that waited in the chain: it is of an earlier position than the one that is offered, or no position is.
     *
     * @param release what leaves; valid only during the call.
     */
    default void releaseHeld(final Release release) {
        release(release);
    }
}
