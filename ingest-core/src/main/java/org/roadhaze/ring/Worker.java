// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.Sequence;
import java.io.UncheckedIOException;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.journal.FrameSealer;
import org.roadhaze.position.Plausibility;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.position.TimeFinding;
import org.roadhaze.protocol.DeviceSession;
import org.roadhaze.protocol.FrameResult;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.resend.ResendFilter;
import org.roadhaze.stage.PlausibilityStage;
import org.roadhaze.stage.ReleaseStage;
import org.roadhaze.stage.Stage;

/**
 * Runs one shard of the devices: decodes a frame into its own scratch batch, runs the stages back to back over it, and
 * writes what the streams release, and the acknowledgement, into the slot.
 *
 * <p>Whatever a stage throws costs that frame and nothing else: nothing of it is persisted, the device gets no acknowledgement,
 * and the failure is counted. What the streams had let go by then of frames before it is persisted: those were acknowledged.
 */
final class Worker implements EventHandler<Slot> {
    /** A device that is in reach tells what it has sooner, however seldom it looks where it is. */
    private static final long LATE_MS = 300_000;

    private final int shard;
    private final ProtocolDecoder[] decoders;
    private final ResendFilter resends;
    private final Stage[] stages;
    private final ReleaseStage releaseStage;
    private final FrameSealer[] sealers;
    private final ReleaseWriter writer;
    private final FrameCounters counters;
    private final FrameWatch watch;
    private final DeviceSession session = new DeviceSession();
    private final PositionBatch batch = new PositionBatch();
    private final UnsafeBuffer frame = new UnsafeBuffer(0, 0);

    Worker(
            final int shard,
            final WorkerParts parts,
            final OverflowPool overflow,
            final BooleanSupplier halted,
            final FrameCounters counters,
            final FrameWatch watch) {
        this.shard = shard;
        this.decoders = parts.decoders().toArray(new ProtocolDecoder[0]);
        this.resends = parts.resends();
        this.stages = parts.stages().toArray(new Stage[0]);
        this.releaseStage = parts.releaseStage();
        this.sealers = parts.sealers().toArray(new FrameSealer[0]);
        this.writer = new ReleaseWriter(overflow, halted);
        this.counters = counters;
        this.watch = watch;
    }

    @Override
    public void setSequenceCallback(final Sequence sequenceCallback) {
        writer.progress(sequenceCallback);
    }

    @Override
    public void onEvent(final Slot slot, final long sequence, final boolean endOfBatch) {
        if (slot.shard() != shard) {
            return;
        }
        if (slot.protocol() == Slot.TICK) {
            tick(slot, sequence);
            return;
        }
        try {
            process(slot, sequence);
            slot.released(sequence);
            resends.settle();
        } catch (final RuntimeException e) {
            resends.takeBack();
            // A disk that fails is no fault of the device's.
            slot.verdict(e instanceof UncheckedIOException ? Verdict.UNJUDGED : Verdict.POISON);
            counters.frameFailed(slot.protocol());
            watch.failed(e);
            if (slot.verdict() == Verdict.POISON) {
                lost(FrameWatch.placeOf(e), slot);
            }
            writer.keepHeldAlone();
            slot.acknowledgement(batch.acknowledgement(), 0);
            slot.released(sequence);
        }
    }

    private void tick(final Slot slot, final long sequence) {
        try {
            writer.begin(slot, sequence);
            for (int stream = 0; stream < releaseStage.streams(); stream++) {
                writer.beginStream(stream);
                releaseStage.advanceTo(stream, slot.receivedTimeMs(), writer);
                writer.endStream();
            }
            for (int i = releaseStage.streams(); i <= releaseStage.streams() + sealers.length; i++) {
                writer.beginStream(i);
                writer.endStream();
            }
            slot.acknowledgement(batch.acknowledgement(), 0);
            slot.released(sequence);
        } catch (final RuntimeException e) {
            watch.failed(e);
            writer.keepHeldAlone();
            slot.released(sequence);
        }
    }

    private void process(final Slot slot, final long sequence) {
        final int protocol = slot.protocol();
        writer.begin(slot, sequence);
        session.reset(slot.deviceId(), slot.receivedTimeMs());
        slot.wrapFrame(frame);
        final FrameResult result = decoders[protocol].decode(frame, 0, slot.frameLength(), session, batch);
        counters.decoded(protocol, result, batch.size());
        slot.verdict(verdict(result));
        if (!result.isOk() && result != FrameResult.NOT_LOGGED_IN) {
            lost(result.label(), slot);
        }
        for (int i = 0; i < batch.size(); i++) {
            final Position position = batch.get(i);
            position.deviceId(slot.deviceId());
            position.receivedTimeMs(slot.receivedTimeMs());
            if (PlausibilityStage.isAhead(position) && (position.faults() & Position.FAULT_NO_FIX) == 0) {
                counters.fixAhead(protocol);
            }
        }
        counters.sentAgain(protocol, resends.filter(batch));
        if (batch.size() > 0) {
            for (final Stage stage : stages) {
                stage.process(batch);
            }
            countTimes(protocol);
            if (slot.verdict() == Verdict.SOUND && isLate()) {
                slot.verdict(Verdict.LATE);
            }
            for (int stream = 0; stream < releaseStage.streams(); stream++) {
                writer.beginStream(stream);
                releaseStage.release(stream, batch, writer);
                writer.endStream();
            }
        }
        for (int i = 0; i < sealers.length; i++) {
            writer.beginStream(releaseStage.streams() + i);
            if (isKept(slot, result, releaseStage.streams() + i)) {
                writer.seal(sealers[i], frame, slot.frameLength());
            }
            writer.endStream();
        }
        writer.beginStream(releaseStage.streams() + sealers.length);
        for (int i = 0; i < resends.tags(); i++) {
            writer.tag(resends.tag(i));
        }
        writer.endStream();
        slot.acknowledgement(batch.acknowledgement(), batch.acknowledgementLength());
    }

    private void lost(final String why, final Slot slot) {
        slot.wrapFrame(frame);
        watch.lost(why, slot.protocol(), slot.deviceId(), slot.receivedTimeMs(), frame, 0, slot.frameLength());
    }

    private static Verdict verdict(final FrameResult result) {
        return switch (result) {
            case POSITIONS, LOGIN, CONTROL, UNSUPPORTED -> Verdict.SOUND;
            case CHECKSUM -> Verdict.WRONG_SUM;
            case MALFORMED, INCOMPLETE, NOT_LOGGED_IN -> Verdict.UNJUDGED;
        };
    }

    private void countTimes(final int protocol) {
        for (int i = 0; i < batch.size(); i++) {
            if ((batch.get(i).faults() & Position.FAULT_NO_FIX) == 0) {
                counters.timeFound(protocol, Plausibility.timeOf(batch.get(i)));
            }
        }
    }

    /** Whether all records are old: each by a time that can be believed, the weeks that its receiver lost given back. */
    private boolean isLate() {
        for (int i = 0; i < batch.size(); i++) {
            final Position position = batch.get(i);
            final boolean isOld = position.fixTimeMs() != Position.UNKNOWN_TIME
                    && position.receivedTimeMs() - position.fixTimeMs() > LATE_MS;
            if (!isOld || Plausibility.timeOf(position) == TimeFinding.NOT_SET) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a journal keeps a frame: one of a known device that has positions that the journal lacks, whatever they are
     * worth, or that nobody could read and that is acknowledged all the same. Logins and heartbeats are not kept.
     */
    private boolean isKept(final Slot slot, final FrameResult result, final int stream) {
        if (slot.deviceId() == ProtocolDecoder.NO_DEVICE) {
            return false;
        }
        final boolean isUnreadable = result == FrameResult.MALFORMED || result == FrameResult.UNSUPPORTED;
        boolean kept = isUnreadable && batch.acknowledgementLength() > 0;
        for (int i = 0; i < batch.size(); i++) {
            kept |= (batch.get(i).storedIn() >>> stream & 1) == 0;
        }
        return kept;
    }
}
