// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.benchmarks;

import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.protocol.DecoderOptions;
import org.roadhaze.protocol.DeviceSession;
import org.roadhaze.protocol.FrameResult;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.protocol.TeltonikaDecoder;

/**
 * Teltonika Codec 8 over TCP, packets of 20 records: time and bytes per position.
 *
 * <p>{@link #decode} is what the worker does, with the check sum. {@link #readFields} is the floor: the same fields read
 * and written to a flat array, with no check of anything; {@link #byteAtATimeCheckSum} what the check sum alone costs
 * with one table.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TeltonikaDecodeBenchmark {
    private static final int RECORDS = 20;
    private static final int FRAMES = 2048;
    private static final int PACKET_AT = 8;
    private static final int CRC_LENGTH = 4;
    private static final int FIELDS = 7;
    private static final int MAX_ELEMENTS = 16;

    /** I/O elements in each record. */
    @Param({"0", "10"})
    public int io;

    private final ProtocolDecoder decoder = TeltonikaDecoder.tcp(DecoderOptions.ENGINE);
    private final DeviceSession session = new DeviceSession();
    private final PositionBatch batch = new PositionBatch();
    private final OneTableCrc16 oneTable = new OneTableCrc16();
    private final long[] fields = new long[RECORDS * (FIELDS + 2 * MAX_ELEMENTS)];
    private FrameSet frames;

    @Setup
    public void drive() {
        frames = new FrameSet("teltonika", FRAMES, RECORDS, io);
        for (int i = 0; i < FRAMES; i++) {
            if (decode() != RECORDS) {
                throw new IllegalStateException("frame " + i + " does not decode to " + RECORDS + " positions");
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public int decode() {
        frames.advance();
        session.reset(frames.device(), FrameSet.RECEIVED_TIME_MS);
        final FrameResult result = decoder.decode(frames.buffer(), frames.offset(), frames.length(), session, batch);
        return result == FrameResult.POSITIONS ? batch.size() : -1;
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public int byteAtATimeCheckSum() {
        frames.advance();
        final int end = frames.offset() + frames.length() - CRC_LENGTH;
        return oneTable.compute(frames.buffer(), frames.offset() + PACKET_AT, end);
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long[] readFields() {
        frames.advance();
        final DirectBuffer buffer = frames.buffer();
        int at = frames.offset() + PACKET_AT;
        final int count = buffer.getByte(at + 1) & 0xFF;
        at += 2;
        int out = 0;
        for (int i = 0; i < count; i++) {
            final long last = buffer.getLong(at + 16, ByteOrder.BIG_ENDIAN);
            fields[out] = buffer.getLong(at, ByteOrder.BIG_ENDIAN);
            fields[out + 1] = buffer.getInt(at + 9, ByteOrder.BIG_ENDIAN);
            fields[out + 2] = buffer.getInt(at + 13, ByteOrder.BIG_ENDIAN);
            fields[out + 3] = (short) (last >>> 40);
            fields[out + 4] = last >>> 24 & 0xFFFF;
            fields[out + 5] = last >>> 16 & 0xFF;
            fields[out + 6] = last & 0xFFFF;
            out += FIELDS;
            at += 26;
            for (int width = 1; width <= 8; width *= 2) {
                final int elements = buffer.getByte(at++) & 0xFF;
                for (int element = 0; element < elements; element++) {
                    fields[out++] = buffer.getByte(at) & 0xFF;
                    fields[out++] = buffer.getLong(at + width - 7, ByteOrder.BIG_ENDIAN) << (64 - 8 * width);
                    at += 1 + width;
                }
            }
        }
        return fields;
    }
}
