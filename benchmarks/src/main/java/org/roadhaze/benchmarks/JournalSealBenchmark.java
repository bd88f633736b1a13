// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.roadhaze.anonymizer.key.KeyEncryptionKey;
import org.roadhaze.anonymizer.key.RandomBytes;
import org.roadhaze.journal.FrameOrigin;
import org.roadhaze.journal.FrameSealer;
import org.roadhaze.journal.JournalKeys;
import org.roadhaze.stream.StreamFiles;

/** Sealing a frame for a journal, its device's key remembered. Time and bytes per frame. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JournalSealBenchmark {
    private static final int TELTONIKA = 0;
    private static final int GT06 = 1;
    private static final int FRAMES = 4096;
    private static final Duration KEY_EPOCH = Duration.ofDays(30);

    private final UnsafeBuffer frame = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer target = new UnsafeBuffer(new byte[4096]);
    private TemporaryDirectory directory;
    private JournalKeys keys;
    private FrameSealer sealer;
    private FrameSet teltonikaFrames;
    private FrameSet gt06Frames;

    @Setup
    public void open() throws IOException {
        teltonikaFrames = new FrameSet("teltonika", FRAMES, 20, 10);
        gt06Frames = new FrameSet("gt06", FRAMES, 1, 0);
        directory = TemporaryDirectory.create();
        Files.createDirectories(StreamFiles.keys(directory.path()));
        final String key = Base64.getEncoder().encodeToString(RandomBytes.next(KeyEncryptionKey.LENGTH_BYTES));
        keys = JournalKeys.open(directory.path(), KeyEncryptionKey.parse("benchmark", key));
        sealer = new FrameSealer(
                keys,
                KEY_EPOCH,
                List.of(
                        new FrameOrigin("teltonika", false, ZoneOffset.UTC),
                        new FrameOrigin("gt06", false, ZoneOffset.UTC)),
                FrameSet.DEVICES * 2);
    }

    @TearDown
    public void close() throws IOException {
        keys.close();
        directory.close();
    }

    private int seal(final int protocol, final FrameSet frames) {
        frames.advance();
        frame.wrap(frames.buffer(), frames.offset(), frames.length());
        sealer.seal(frames.device(), FrameSet.RECEIVED_TIME_MS, protocol, frame, frames.length(), target, 0);
        return target.getInt(0);
    }

    @Benchmark
    public int teltonika20Records() {
        return seal(TELTONIKA, teltonikaFrames);
    }

    @Benchmark
    public int gt06SingleRecord() {
        return seal(GT06, gt06Frames);
    }
}
