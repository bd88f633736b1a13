// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stage;

import org.roadhaze.position.PositionBatch;

/**
 * One step of a worker over what a frame decoded to: marks positions, or adds derived attributes to them.
 *
 * <p>All positions of a batch belong to one device, in the frame's order. One worker calls one instance, and all frames
 * of a device meet the same worker: state per device lives in the stage, and needs no lock. In steady state a call
 * allocates nothing.
 */
@FunctionalInterface
public interface Stage {
    /**
     * Processes a batch.
     *
     * @param batch the positions of one frame, at least one.
     */
    void process(PositionBatch batch);
}
