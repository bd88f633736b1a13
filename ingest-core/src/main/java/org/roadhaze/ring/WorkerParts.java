// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import java.util.List;
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
 */
public record WorkerParts(
        List<ProtocolDecoder> decoders, ResendFilter resends, List<Stage> stages, ReleaseStage releaseStage) {}
