// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.Sequence;

/**
 * The one worker and the persist handler on one thread: with few cores, handing each slot to another thread costs more
 * than the work that it would do there.
 */
final class WorkThenPersist implements EventHandler<Slot> {
    private final Worker worker;
    private final PersistHandler persist;

    WorkThenPersist(final Worker worker, final PersistHandler persist) {
        this.worker = worker;
        this.persist = persist;
    }

    @Override
    public void setSequenceCallback(final Sequence sequenceCallback) {
        worker.setSequenceCallback(sequenceCallback);
    }

    @Override
    public void onEvent(final Slot slot, final long sequence, final boolean endOfBatch) {
        worker.onEvent(slot, sequence, endOfBatch);
        persist.onEvent(slot, sequence, endOfBatch);
    }
}
