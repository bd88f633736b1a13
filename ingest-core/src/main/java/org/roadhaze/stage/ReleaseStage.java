// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stage;

import org.roadhaze.anonymizer.ReleaseSink;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;

/** The last stage: offers every position to the chain of every stream. Nothing leaves the worker but what they release. */
public final class ReleaseStage {
    private final StreamChain[] chains;

    /**
     * Makes the stage.
     *
     * @param chains one per stream, in the streams' order; this worker's own.
     */
    public ReleaseStage(final StreamChain[] chains) {
        this.chains = chains.clone();
    }

    public int streams() {
        return chains.length;
    }

    /**
     * Lets time pass for one stream, see {@link StreamChain#advanceTo}.
     *
     * @param stream its index.
     * @param nowMs  the engine's clock.
     * @param sink   takes what the stream lets out.
     */
    public void advanceTo(final int stream, final long nowMs, final ReleaseSink sink) {
        chains[stream].advanceTo(nowMs, sink);
    }

    /**
     * Offers a batch to one stream.
     *
     * @param stream its index.
     * @param batch  the positions.
     * @param sink   takes what the stream lets out.
     */
    public void release(final int stream, final PositionBatch batch, final ReleaseSink sink) {
        final StreamChain chain = chains[stream];
        for (int i = 0; i < batch.size(); i++) {
            final Position position = batch.get(i);
            if ((position.storedIn() >>> stream & 1) == 0) {
                chain.offer(position, sink);
            }
        }
    }
}
