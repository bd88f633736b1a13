// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.benchmarks;

import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.protocol.DecoderOptions;
import org.roadhaze.protocol.DeviceSession;
import org.roadhaze.protocol.FrameResult;
import org.roadhaze.protocol.Gt06Decoder;
import org.roadhaze.protocol.ProtocolDecoder;

/**
 * GT06 location frames, one position each: time and bytes per position, with the check sums of the frame and of its
 * acknowledgement.
 *
 * <p>{@link #readFields} is the floor: place, speed, course and the six numbers of the time, read and written to a flat
 * array with no check of anything; {@link #byteAtATimeCheckSum} what the frame's check sum alone costs with one table.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Gt06DecodeBenchmark {
    private static final int FRAMES = 32_768;
    private static final int CHECKED_FROM = 2;
    private static final int CRC_FROM_END = 4;
    private static final int CONTENT_AT = 4;

    private final ProtocolDecoder decoder = Gt06Decoder.tcp(DecoderOptions.ENGINE);
    private final DeviceSession session = new DeviceSession();
    private final PositionBatch batch = new PositionBatch();
    private final OneTableCrc16 oneTable = new OneTableCrc16();
    private final long[] fields = new long[10];
    private FrameSet frames;

    @Setup
    public void drive() {
        frames = new FrameSet("gt06", FRAMES, 1, 0);
        for (int i = 0; i < FRAMES; i++) {
            if (decode() != 1) {
                throw new IllegalStateException("frame " + i + " does not decode to a position");
            }
        }
    }

    @Benchmark
    public int decode() {
        frames.advance();
        session.reset(frames.device(), FrameSet.RECEIVED_TIME_MS);
        final FrameResult result = decoder.decode(frames.buffer(), frames.offset(), frames.length(), session, batch);
        return result == FrameResult.POSITIONS && batch.acknowledgementLength() > 0 ? batch.size() : -1;
    }

    @Benchmark
    public int byteAtATimeCheckSum() {
        frames.advance();
        final int end = frames.offset() + frames.length() - CRC_FROM_END;
        return oneTable.compute(frames.buffer(), frames.offset() + CHECKED_FROM, end);
    }

    @Benchmark
    public long[] readFields() {
        frames.advance();
        final DirectBuffer buffer = frames.buffer();
        final int at = frames.offset() + CONTENT_AT;
        for (int i = 0; i < 6; i++) {
            fields[i] = buffer.getByte(at + i) & 0xFF;
        }
        fields[6] = buffer.getInt(at + 7, ByteOrder.BIG_ENDIAN);
        fields[7] = buffer.getInt(at + 11, ByteOrder.BIG_ENDIAN);
        fields[8] = buffer.getByte(at + 15) & 0xFF;
        fields[9] = buffer.getShort(at + 16, ByteOrder.BIG_ENDIAN) & 0x3FF;
        return fields;
    }
}
