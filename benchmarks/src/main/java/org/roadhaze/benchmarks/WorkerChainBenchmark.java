// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.anonymizer.policy.StreamPolicy;
import org.roadhaze.device.DeviceTable;
import org.roadhaze.engine.EngineConfig;
import org.roadhaze.engine.EngineOptions;
import org.roadhaze.geo.GeofenceStage;
import org.roadhaze.geo.Geofences;
import org.roadhaze.geo.RouteStage;
import org.roadhaze.geometry.InvalidAreasException;
import org.roadhaze.protocol.DecoderOptions;
import org.roadhaze.protocol.Gt06Decoder;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.protocol.TeltonikaDecoder;
import org.roadhaze.resend.ResendFilter;
import org.roadhaze.resend.ResendOptions;
import org.roadhaze.ring.DetachedWorker;
import org.roadhaze.ring.WorkerParts;
import org.roadhaze.stage.PlausibilityStage;
import org.roadhaze.stage.ReleaseStage;

/**
 * Everything that a worker does: copy into the slot, decode, plausibility, geofences, route, and all streams of the default
 * configuration, up to the encoded releases in the slot. Time and bytes per position.
 *
 * <p>A driving fleet crosses the fences as it goes; every lap over the frames is driven by other vehicles, so that time
 * never runs backwards and every device is new once.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WorkerChainBenchmark {
    private static final int TELTONIKA = 0;
    private static final int GT06 = 1;
    private static final int RECORDS = 20;
    private static final int TELTONIKA_FRAMES = 8192;
    private static final int GT06_FRAMES = 65_536;
    private static final int SLOTS = 4096;
    private static final int MAX_DEVICES = 10_000;

    /** Geofences in the fleet's city. */
    @Param({"0", "1000"})
    public int fences;

    /** Records of each device that are known when they are sent again; 0: none. */
    @Param({"512"})
    public int remember;

    private final List<Throwable> failures = new ArrayList<>();
    private FrameSet teltonikaFrames;
    private FrameSet gt06Frames;
    private DetachedWorker worker;

    @Setup
    public void build() throws IOException, InvalidAreasException {
        final ProtocolDecoder teltonika = TeltonikaDecoder.tcp(DecoderOptions.ENGINE);
        teltonikaFrames = new FrameSet("teltonika", TELTONIKA_FRAMES, RECORDS, 10);
        gt06Frames = new FrameSet("gt06", GT06_FRAMES, 1, 0);
        final Geofences geofences;
        final EngineOptions options;
        try (TemporaryDirectory directory = TemporaryDirectory.create()) {
            final Path file = directory.path().resolve("fences.geojson");
            CityAreas.write(file, Math.max(1, fences), teltonikaFrames.positions(teltonika));
            geofences = fences == 0 ? Geofences.NONE : Geofences.read(List.of(file));
            options = defaultConfiguration(directory.path());
        }
        final KeyRing keys = KeyRing.inMemory(FrameSet.FIRST_FIX_TIME_MS);
        final List<StreamChain> chains = new ArrayList<>();
        for (final StreamPolicy policy : options.policy().streams()) {
            chains.add(policy.newChain(keys, 100_000));
        }
        final DeviceTable known = new DeviceTable(MAX_DEVICES);
        final WorkerParts parts = new WorkerParts(
                List.of(teltonika, Gt06Decoder.tcp(DecoderOptions.ENGINE)),
                remember == 0
                        ? ResendFilter.none()
                        : ResendFilter.inMemory(new ResendOptions(remember, 0), known, new byte[16]),
                List.of(
                        new PlausibilityStage(known),
                        new GeofenceStage(geofences, known),
                        new RouteStage(options.route(), known)),
                new ReleaseStage(chains.toArray(new StreamChain[0])));
        worker = new DetachedWorker(parts, 2, SLOTS, failures::add);
        if (teltonika20Records() < 0 || gt06SingleRecord() < 0) {
            throw new IllegalStateException("the chain fails", failures.get(0));
        }
    }

    private static EngineOptions defaultConfiguration(final Path directory) throws IOException {
        for (final String name : List.of("roadhaze.yaml", "geofences.geojson", "sensitive.geojson")) {
            try (InputStream in = WorkerChainBenchmark.class.getResourceAsStream("/config/" + name)) {
                Files.copy(in, directory.resolve(name));
            }
        }
        return EngineConfig.read(directory.resolve("roadhaze.yaml"));
    }

    private int process(final int protocol, final FrameSet frames) {
        frames.advance();
        return worker.process(
                protocol,
                frames.deviceOfLap(),
                FrameSet.RECEIVED_TIME_MS,
                frames.buffer(),
                frames.offset(),
                frames.length());
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public int teltonika20Records() {
        return process(TELTONIKA, teltonikaFrames);
    }

    @Benchmark
    public int gt06SingleRecord() {
        return process(GT06, gt06Frames);
    }
}
