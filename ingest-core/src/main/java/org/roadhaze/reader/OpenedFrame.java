// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.reader;

import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.position.Plausibility;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.protocol.DecoderOptions;
import org.roadhaze.protocol.DeviceSession;
import org.roadhaze.protocol.FrameResult;
import org.roadhaze.protocol.Protocol;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.protocol.Protocols;
import org.roadhaze.stream.sbe.journal.MessageHeaderDecoder;
import org.roadhaze.stream.sbe.journal.SealedFrameDecoder;
import org.roadhaze.stream.sbe.journal.Transport;

/** A frame that was sealed and is open: whose it is, how it came, and what is in it. Not thread safe. */
final class OpenedFrame {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SealedFrameDecoder content = new SealedFrameDecoder();
    private final UnsafeBuffer contentBuffer = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer frame = new UnsafeBuffer(0, 0);
    private final DeviceSession session = new DeviceSession();
    private final Map<Origin, ProtocolDecoder> decoders = new HashMap<>();
    private String protocol = "";

    /** How a frame came. */
    private record Origin(String protocol, boolean isDatagram, int utcOffsetSeconds) {}

    /** Looks at what was sealed: a {@code SealedFrame} message. */
    OpenedFrame wrap(final byte[] opened) {
        contentBuffer.wrap(opened);
        content.wrapAndApplyHeader(contentBuffer, 0, header);
        protocol = content.protocol();
        final byte[] bytes = new byte[content.frameLength()];
        content.getFrame(bytes, 0, bytes.length);
        frame.wrap(bytes);
        return this;
    }

    long deviceId() {
        return content.deviceId();
    }

    String protocol() {
        return protocol;
    }

    boolean isDatagram() {
        return content.transport() == Transport.UDP;
    }

    byte[] bytes() {
        return frame.byteArray().clone();
    }

    /** As {@link JournalReader#decode}. */
    FrameResult decode(final long receivedTimeMs, final PositionBatch batch) {
        final FrameResult result = decodeAsReceived(receivedTimeMs, batch);
        for (int i = 0; i < batch.size(); i++) {
            Plausibility.judge(batch.get(i));
        }
        return result;
    }

    /** As {@link JournalReader#decodeAsReceived}. */
    FrameResult decodeAsReceived(final long receivedTimeMs, final PositionBatch batch) {
        final FrameResult result =
                decoder().decode(frame, 0, frame.capacity(), session.reset(deviceId(), receivedTimeMs), batch);
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).deviceId(deviceId()).receivedTimeMs(receivedTimeMs);
        }
        return result;
    }

    private ProtocolDecoder decoder() {
        final Origin origin = new Origin(protocol, isDatagram(), content.utcOffsetSeconds());
        return decoders.computeIfAbsent(origin, OpenedFrame::decoder);
    }

    private static ProtocolDecoder decoder(final Origin origin) {
        final String protocol = origin.protocol();
        final Protocol known = Protocols.byName(protocol)
                .orElseThrow(() -> new NoSuchElementException("protocol " + protocol + " is not known here"));
        return (origin.isDatagram() ? known.udp() : known.tcp())
                .apply(new DecoderOptions(true, null, ZoneOffset.ofTotalSeconds(origin.utcOffsetSeconds())));
    }
}
