// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.benchmarks;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.roadhaze.protocol.Crc16;

/** A check sum over one frame: the engine's, and the usual one of a byte a step. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CrcBenchmark {
    private static final int MEMORY = 1 << 20;

    /** Bytes under the check sum: a GT06 location, and Teltonika packets of 1 and 20 records, and of 20 with I/O. */
    @Param({"32", "33", "603", "1183"})
    public int length;

    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(MEMORY));
    private final OneTableCrc16 oneTable = new OneTableCrc16();
    private int at;

    @Setup
    public void fill() {
        final SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < MEMORY; i += Long.BYTES) {
            memory.putLong(i, random.nextLong());
        }
    }

    private int nextOffset() {
        at += length;
        if (at > MEMORY - length) {
            at = 0;
        }
        return at;
    }

    @Benchmark
    public int sliced() {
        final int from = nextOffset();
        return Crc16.ARC.compute(memory, from, from + length);
    }

    @Benchmark
    public int byteAtATime() {
        final int from = nextOffset();
        return oneTable.compute(memory, from, from + length);
    }
}
