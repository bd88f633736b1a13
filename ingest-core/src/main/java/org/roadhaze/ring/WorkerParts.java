// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import java.util.List;
import org.roadhaze.journal.FrameSealer;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.resend.ResendFilter;
import org.roadhaze.stage.ReleaseStage;
import org.roadhaze.stage.Stage;

/**
 * What one worker runs; nothing of it is shared with another worker.
 *
 * @param decoders     by protocol index, as the listeners stamp it on frames.
 * @param resends      knows what a device sends again, before any stage sees it.
 * @param stages       in the order in which they run.
 * @param releaseStage the streams' chains, last.
 * @param sealers      the journals', whose streams follow those of the chains.
 */
public record WorkerParts(
        List<ProtocolDecoder> decoders,
        ResendFilter resends,
        List<Stage> stages,
        ReleaseStage releaseStage,
        List<FrameSealer> sealers) {
    /**
     * Without a journal.
     *
     * @param decoders     as above.
     * @param resends      as above.
     * @param stages       as above.
     * @param releaseStage as above.
     */
    public WorkerParts(
            final List<ProtocolDecoder> decoders,
            final ResendFilter resends,
            final List<Stage> stages,
            final ReleaseStage releaseStage) {
        this(decoders, resends, stages, releaseStage, List.of());
    }
}
