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
}
