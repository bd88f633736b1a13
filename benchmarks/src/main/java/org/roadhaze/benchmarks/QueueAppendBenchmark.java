// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.benchmarks;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.position.Attribute;
import org.roadhaze.stream.ReleaseLayout;
import org.roadhaze.stream.StreamWriter;

/**
 * Appending what a batch released to a stream's queue, as one document: time per record, with place, pseudonym, time and
 * two attributes. Every iteration begins a new queue in the directory for temporary files ({@code java.io.tmpdir}), so that
 * what is measured includes the first touch of every page, as in service.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class QueueAppendBenchmark {
    private static final int SMALL_BATCH = 64;
    private static final int LARGE_BATCH = 512;

    private UnsafeBuffer records;
    private int recordLength;
    private TemporaryDirectory data;
    private StreamWriter writer;

    @Setup
    public void encode() {
        final Release release = new Release();
        release.pseudonym(0x1234_5678_9ABC_DEF0L);
        release.timeMs(FrameSet.FIRST_FIX_TIME_MS);
        release.coordinates(520_000_000, 130_000_000);
        release.attribute(Attribute.SPEED.key(), 5_040);
        release.attribute(Attribute.COURSE.key(), 9_000);
        recordLength = ReleaseLayout.recordLength(release);
        records = new UnsafeBuffer(new byte[LARGE_BATCH * recordLength]);
        for (int i = 0; i < LARGE_BATCH; i++) {
            ReleaseLayout.putRecord(records, i * recordLength, release);
        }
    }

    @Setup(Level.Iteration)
    public void open() throws IOException {
        data = TemporaryDirectory.create();
        writer = new StreamWriter(data.path(), "benchmark", "benchmark", 1, SystemEpochClock.INSTANCE);
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
        writer.close();
        data.close();
    }

    @Benchmark
    @OperationsPerInvocation(SMALL_BATCH)
    public void batchOf64() {
        writer.append(records, 0, SMALL_BATCH * recordLength, SMALL_BATCH);
        writer.flush();
    }

    @Benchmark
    @OperationsPerInvocation(LARGE_BATCH)
    public void batchOf512() {
        writer.append(records, 0, LARGE_BATCH * recordLength, LARGE_BATCH);
        writer.flush();
    }
}
