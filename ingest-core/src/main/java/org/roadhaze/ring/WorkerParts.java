// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import java.util.List;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.stage.ReleaseStage;
import org.roadhaze.stage.Stage;

/**
 * What one worker runs; nothing of it is shared with another worker.
 *
 * @param decoders     by protocol index, as the listeners stamp it on frames.
 * @param stages       in the order in which they run.
 * @param releaseStage the streams' chains, last.
 */
public record WorkerParts(List<ProtocolDecoder> decoders, List<Stage> stages, ReleaseStage releaseStage) {}
