// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import java.util.List;
import org.roadhaze.journal.FrameSealer;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.stage.ReleaseStage;
import org.roadhaze.stage.Stage;

/**
 * What one worker runs; nothing of it is shared with another worker.
 *
 * @param decoders     by protocol index, as the listeners stamp it on frames.
 * @param stages       in the order in which they run.
 * @param releaseStage the streams' chains, last.
 * @param sealers      the journals', whose streams follow those of the chains.
 */
public record WorkerParts(
        List<ProtocolDecoder> decoders, List<Stage> stages, ReleaseStage releaseStage, List<FrameSealer> sealers) {
    /**
     * Without a journal.
     *
     * @param decoders     as above.
     * @param stages       as above.
     * @param releaseStage as above.
     */
    public WorkerParts(
            final List<ProtocolDecoder> decoders, final List<Stage> stages, final ReleaseStage releaseStage) {
        this(decoders, stages, releaseStage, List.of());
    }
}
