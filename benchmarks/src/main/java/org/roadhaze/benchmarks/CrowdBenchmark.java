// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.benchmarks;

import java.nio.file.Path;
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
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.TimedMechanism;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.anonymizer.mechanism.MechanismContext;
import org.roadhaze.anonymizer.mechanism.MechanismParameters;
import org.roadhaze.anonymizer.mechanism.Mechanisms;
import org.roadhaze.config.ConfigReader;
import org.roadhaze.position.Position;

/**
 * Mechanisms that wait for a window to close: time and bytes per record, the closing of the windows and the letting go
 * included. 10,000 devices about a city, each with a record every 10 s, so that a window of 300 s has 300,000.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CrowdBenchmark {
    private static final int DEVICES = 10_000;
    private static final int PLACES = 1 << 17;
    private static final long START_MS = FrameSet.FIRST_FIX_TIME_MS;

    /** The mechanism, as a policy names it: the key of the stream, the name, and its parameters. */
    @Param({
        "location crowd {}",
        "time shuffle { round: 5min, shuffle: {} }",
        "location counts { cell: 1km, epsilon: 1, delta: 1e-6, unit: device-window, speed: { max: 130 km/h } }"
    })
    public String mechanism;

    private final Candidate candidate = new Candidate();
    private final Position position = new Position();
    private final int[] latitudeE7 = new int[PLACES];
    private final int[] longitudeE7 = new int[PLACES];
    private final Count outlet = new Count();
    private TimedMechanism built;
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
        final SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < PLACES; i++) {
            // The sum of four is thickest in the middle of a city of 40 km.
            for (int j = 0; j < 4; j++) {
                latitudeE7[i] += random.nextInt(1_000_000);
                longitudeE7[i] += random.nextInt(1_500_000);
            }
        }
        final String[] word = mechanism.split(" ", 3);
        final ConfigReader reader = new ConfigReader();
        final MechanismParameters parameters =
                Mechanisms.find(word[0], word[1]).reader().apply(reader.parse(Path.of("mechanism.yaml"), word[2]));
        reader.finish();
        built = (TimedMechanism) parameters.build(MechanismContext.of("benchmark", KeyRing.inMemory(START_MS)));
    }

    @Benchmark
    public long accept() {
        final int i = at++;
        final long timeMs = START_MS + i;
        built.advanceTo(timeMs, outlet);
        position.deviceId(1 + i % DEVICES)
                .fixTimeMs(timeMs)
                .latitudeE7(520_000_000 + latitudeE7[i & (PLACES - 1)])
                .longitudeE7(130_000_000 + longitudeE7[i & (PLACES - 1)])
                .speedCmPerSec(1_000);
        built.accept(candidate.reset(position), outlet);
        return outlet.passed + outlet.suppressed;
    }
}
