// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.benchmarks;

import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.anonymizer.mechanism.MechanismContext;
import org.roadhaze.anonymizer.mechanism.MechanismParameters;
import org.roadhaze.anonymizer.mechanism.Mechanisms;
import org.roadhaze.config.ConfigReader;
import org.roadhaze.position.Position;

/**
 * Learned zones: time and bytes per record of 10,000 vehicles in turn, each of which has learned three places and drives
 * about, in and out of their zones.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LearnedZonesBenchmark {
    private static final int DEVICES = 10_000;
    private static final int STEPS = 1 << 16;
    private static final int PLACES = 3;
    private static final long START_MS = FrameSet.FIRST_FIX_TIME_MS;
    private static final long NIGHT_MS = 8 * 3_600_000L;
    private static final int CITY_E7 = 2_000_000;

    private final Candidate candidate = new Candidate();
    private final Position position = new Position();
    private final int[] latitudeE7 = new int[DEVICES];
    private final int[] longitudeE7 = new int[DEVICES];
    private final int[] stepE7 = new int[STEPS];
    private final Count outlet = new Count();
    private Mechanism built;
    private int at;

    /** Where a candidate goes. */
    private static final class Count implements Mechanism.Outlet {
        private long passed;
        private long suppressed;

        @Override
        public void pass(final Candidate candidate) {
            passed++;
        }

        @Override
        public void suppress(final Candidate candidate, final SuppressionReason reason) {
            suppressed++;
        }
    }

    @Setup
    public void build() {
        final ConfigReader reader = new ConfigReader();
        final MechanismParameters parameters = Mechanisms.find("location", "learned-zones")
                .reader()
                .apply(reader.parse(Path.of("mechanism.yaml"), "{}"));
        reader.finish();
        built = parameters.build(MechanismContext.of("benchmark", KeyRing.inMemory(START_MS)));
        final SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < STEPS; i++) {
            stepE7[i] = random.nextInt(-1_500, 1_501);
        }
        for (int device = 0; device < DEVICES; device++) {
            for (int night = 0; night <= PLACES; night++) {
                latitudeE7[device] = 520_000_000 + random.nextInt(CITY_E7);
                longitudeE7[device] = 130_000_000 + random.nextInt(CITY_E7);
                offer(device, START_MS - (PLACES - night) * NIGHT_MS);
            }
        }
        for (int i = 0; i < 20 * DEVICES; i++) {
            accept();
        }
    }

    /** A record every 10 s of each vehicle, which goes on by up to 17 m in each direction. */
    @Benchmark
    public long accept() {
        final int i = at++;
        final int device = i % DEVICES;
        latitudeE7[device] += stepE7[i & (STEPS - 1)];
        longitudeE7[device] += stepE7[(i * 31) & (STEPS - 1)];
        offer(device, START_MS + 1 + i / DEVICES * 10_000L);
        return outlet.passed + outlet.suppressed;
    }

    private void offer(final int device, final long timeMs) {
        position.deviceId(1 + device)
                .fixTimeMs(timeMs)
                .latitudeE7(latitudeE7[device])
                .longitudeE7(longitudeE7[device]);
        built.accept(candidate.reset(position), outlet);
    }
}
