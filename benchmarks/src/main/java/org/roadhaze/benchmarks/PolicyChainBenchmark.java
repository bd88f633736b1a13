// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.benchmarks;

import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.roadhaze.anonymizer.ReleaseSink;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.anonymizer.policy.Policy;
import org.roadhaze.anonymizer.policy.PolicyReader;
import org.roadhaze.config.ConfigReader;
import org.roadhaze.geometry.LocalMetres;
import org.roadhaze.position.Position;

/**
 * Whole chains, with 10,000 live devices (or so many as {@link #devices} says) that drive, turn and stop: time and bytes per
 * record, what moves the devices included (some 15 ns). Shipped policies are read from {@code deploy/config/policies}: run it in the root of the repository.
 *
 * <p>With {@code -prof gc} the harness itself allocates some 6 KB an iteration, whatever it runs: divided by the records of a
 * short iteration of a slow policy that looks like bytes per record. Compare the rate with that of {@code none}; that it is
 * nothing in a whole hour is {@code FleetAllocationTest}'s.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PolicyChainBenchmark {
    private static final long START_MS = FrameSet.FIRST_FIX_TIME_MS;
    private static final int SOUTH_E7 = 450_000_000;
    private static final int WEST_E7 = 75_000_000;
    private static final double SHRINK = 0.7;
    private static final long WARM_UP_MS = 2 * 3_600_000L;

    /** Steps that follow vehicles, each alone with what it needs to stand in a policy. */
    private static final Map<String, String> ALONE = Map.of(
            "exact", "exact",
            "segments", "split-and-gap: {}",
            "fixed-gaps", "split-and-gap: { segment: 3min, gap: 5min }",
            "trips", "trip-ends: {}",
            "dwell", "dwell: {}",
            "reorder", "reorder: {}");

    private static final String POLICY = """
            policy: { version: 1 }
            streams:
              %s:
                retention: 1d
                identity: %s
                location: [%s]
                time: exact
            """;

    /** A shipped policy, or a step alone. */
    @Param({"none", "exact", "segments", "fixed-gaps", "trips", "dwell", "reorder", "traffic", "heatmap"})
    public String policy;

    /** Between two records of a device. */
    @Param({"10", "60"})
    public int seconds;

    /** How wide the area is that the devices drive about in: a city, or a country. */
    @Param({"40", "400"})
    public int kilometres;

    /** Records of a device that come together, the oldest first: what a tracker sends in one frame. */
    @Param("1")
    public int recordsPerFrame;

    /** Live devices; their number times what is kept of each is what no cache may hold. */
    @Param("10000")
    public int devices;

    private final Position position = new Position();
    private double[] north;
    private double[] east;
    private float[] northPerSecond;
    private float[] eastPerSecond;
    private StreamChain chain;
    private KeyRing keys;
    private long records;
    private long random = 1;
    private long sum;
    private final ReleaseSink sink = release -> sum += release.cell() + release.timeMs();

    @Setup
    public void build() {
        north = new double[devices];
        east = new double[devices];
        northPerSecond = new float[devices];
        eastPerSecond = new float[devices];
        final SplittableRandom places = new SplittableRandom(1);
        for (int i = 0; i < devices; i++) {
            // The sum of two is thickest in the middle.
            north[i] = 500.0 * kilometres * (places.nextDouble() + places.nextDouble());
            east[i] = 500.0 * kilometres * (places.nextDouble() + places.nextDouble());
        }
        keys = KeyRing.inMemory(START_MS);
        chain = "none".equals(policy) ? null : read().stream(policy).newChain(keys, 100_000);
        while (records * seconds * 1_000L / devices < WARM_UP_MS) {
            offer();
        }
    }

    private Policy read() {
        final Path shipped = Path.of("deploy", "config", "policies", policy + ".yaml");
        final String step = ALONE.get(policy);
        if (step == null) {
            return Policy.read(shipped);
        }
        final ConfigReader reader = new ConfigReader();
        final String identity = step.startsWith("split-and-gap") ? "{ pseudonym: per-segment }" : "none";
        final Policy alone = PolicyReader.read(reader.parse(shipped, POLICY.formatted(policy, identity, step)));
        reader.finish();
        return alone;
    }

    @Benchmark
    public long offer() {
        final int inFrame = (int) (records % recordsPerFrame);
        final int device = (int) (records / recordsPerFrame % devices);
        final long receivedMs = START_MS + (records - inFrame) * seconds * 1_000L / devices;
        final long timeMs = receivedMs - 1_000L * seconds * (recordsPerFrame - 1 - inFrame);
        records++;
        move(device);
        position.clear();
        position.deviceId(1 + device)
                .fixTimeMs(timeMs)
                .receivedTimeMs(receivedMs)
                .latitudeE7(SOUTH_E7 + (int) (north[device] / LocalMetres.PER_E7))
                .longitudeE7(WEST_E7 + (int) (east[device] / LocalMetres.PER_E7 / SHRINK))
                .speedCmPerSec(1_000)
                .courseCdeg(9_000);
        if (chain != null) {
            keys.advanceTo(receivedMs);
            chain.offer(position, sink);
        }
        return sum + position.latitudeE7();
    }

    /** Turns every 20 records, stands after one turn of eight, and turns back at the borders. */
    private void move(final int device) {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        if ((random & 0xFFFF) < 0xFFFF / 20 || records <= (long) devices * recordsPerFrame) {
            final boolean stands = (random >>> 16 & 7) == 0;
            northPerSecond[device] = stands ? 0 : ((int) (random >>> 20) & 0xFF) / 8f - 16;
            eastPerSecond[device] = stands ? 0 : ((int) (random >>> 28) & 0xFF) / 8f - 16;
        }
        final double metres = 1_000.0 * kilometres;
        if (north[device] < 0 || north[device] > metres) {
            northPerSecond[device] = (float) Math.copySign(northPerSecond[device], metres / 2 - north[device]);
        }
        if (east[device] < 0 || east[device] > metres) {
            eastPerSecond[device] = (float) Math.copySign(eastPerSecond[device], metres / 2 - east[device]);
        }
        north[device] += seconds * northPerSecond[device];
        east[device] += seconds * eastPerSecond[device];
    }
}
