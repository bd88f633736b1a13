// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.benchmarks;

import java.io.IOException;
import java.util.List;
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
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.anonymizer.mechanism.MechanismContext;
import org.roadhaze.anonymizer.mechanism.MechanismParameters;
import org.roadhaze.anonymizer.mechanism.Mechanisms;
import org.roadhaze.config.ConfigReader;
import org.roadhaze.position.Position;
import org.roadhaze.protocol.DecoderOptions;
import org.roadhaze.protocol.TeltonikaDecoder;

/**
 * Each mechanism alone, as a worker meets it: the positions of a driving fleet, a packet of one vehicle after a packet of
 * another. Time and bytes per position; {@code none} is what the loop itself costs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MechanismBenchmark {
    private static final int FRAMES = 2048;
    private static final int RECORDS = 20;
    private static final int ZONES = 1000;

    /** The mechanism, as a policy names it: the key of the stream, the name, and its parameters. */
    @Param({
        "none",
        "location sample { share: 50% }",
        "location zones { suppress: zones.geojson, buffer: 50m }",
        "location cell { h3: 7 }",
        "location cell { h3: 9 }",
        "location cell { h3: 9, publish: both }",
        "location cell { s2: 13 }",
        "location cell { s2: 13, publish: both }",
        "location cell { grid: 500m }",
        "location laplace { epsilon: 0.01/m, report: 100m, budget: { day: 1000/m } }",
        "location laplace { epsilon: 0.01/m, report: 10m, budget: { day: 1000/m } }",
        "location laplace { epsilon: 0.01/m, report: 10m, budget: { day: 0.05/m, then: { h3: 7 } } }",
        "location exact {}",
        "identity keyed { rotate: 24h }",
        "time round { round: 30s }",
        "attributes keep { keep: [speed, course] }",
        "attributes keep { keep: [speed, { course: { bucket: 22.5 } }, altitude, ignition, power] }"
    })
    public String mechanism;

    private final Candidate candidate = new Candidate();
    private final Count outlet = new Count();
    private Mechanism built;
    private Position[] positions;
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
    public void build() throws IOException {
        final List<Position> driven =
                new FrameSet("teltonika", FRAMES, RECORDS, 10).positions(TeltonikaDecoder.tcp(DecoderOptions.ENGINE));
        positions = driven.toArray(new Position[0]);
        built = "none".equals(mechanism) ? (passed, next) -> next.pass(passed) : read(mechanism, driven);
    }

    private static Mechanism read(final String words, final List<Position> driven) throws IOException {
        final String[] word = words.split(" ", 3);
        try (TemporaryDirectory directory = TemporaryDirectory.create()) {
            CityAreas.write(directory.path().resolve("zones.geojson"), ZONES, driven);
            final ConfigReader reader = new ConfigReader();
            final MechanismParameters parameters = Mechanisms.find(word[0], word[1])
                    .reader()
                    .apply(reader.parse(directory.path().resolve("mechanism.yaml"), word[2]));
            reader.finish();
            return parameters.build(MechanismContext.of("benchmark", KeyRing.inMemory(FrameSet.FIRST_FIX_TIME_MS)));
        }
    }

    @Benchmark
    public long accept() {
        if (++at == positions.length) {
            at = 0;
        }
        built.accept(candidate.reset(positions[at]), outlet);
        return outlet.passed + outlet.suppressed;
    }
}
