// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.anonymizer.ReleaseSink;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.config.ConfigReader;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;

/** In steady state, a fleet that moves about its city costs no allocation in any mechanism. */
class ChainAllocationTest {
    private static final int DEVICES = 500;
    private static final int FIXES = 200_000;
    private static final int WARM_UP_ROUNDS = 3;
    private static final long START_MS = 1_752_393_600_000L;
    private static final Path DIRECTORY = Path.of("src/test/resources/org/roadhaze/anonymizer/mechanism");
    private static final String POLICY = """
            policy: { version: 1 }
            streams:
              traffic:
                retention: 1d
                identity: { pseudonym: keyed, rotate: 24h }
                location:
                  - zones: { suppress: zones.geojson, buffer: 200m }
                  - cell: { h3: 8, publish: both }
                time: { round: 1s }
                attributes: { keep: [speed, { course: { bucket: 22.5 } }, { odometer: { bucket: 1000 } }] }
            """;

    private final Position position = new Position();
    private final int[] latitudeE7 = new int[DEVICES];
    private final int[] longitudeE7 = new int[DEVICES];
    private long sum;

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "cell: { h3: 8, publish: both }",
                "cell: { s2: 13, publish: both }",
                "cell: { grid: 500m, publish: both }",
                "laplace: { epsilon: 0.1/m, report: 10m, budget: { day: 1000/m } }",
                "laplace: { epsilon: 0.01/m, report: 10m, budget: { day: 1/m, then: { h3: 7 }, cells: 4095 } }",
            })
    void shouldAllocateNothingPerPosition(final String place) {
        final ConfigReader reader = new ConfigReader();
        final Policy policy = PolicyReader.read(reader.parse(DIRECTORY.resolve("policy.yaml"), policyOf(place)));
        reader.finish();
        final KeyRing keys = KeyRing.inMemory(START_MS);
        final StreamChain chain = policy.stream("traffic").newChain(keys, 100_000);
        final ReleaseSink sink = release ->
                sum += release.cell() + release.latitudeE7() + release.pseudonym() + release.attributeCount();
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            drive(chain, keys, sink);
        }

        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        drive(chain, keys, sink);
        final long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        // The bean itself allocates a little; one byte per position would be 200,000.
        assertThat(allocated).isLessThan(2_000);
        assertThat(chain.published() + chain.suppressed(SuppressionReason.SENSITIVE_ZONE))
                .isEqualTo((WARM_UP_ROUNDS + 1L) * FIXES);
        assertThat(chain.suppressed(SuppressionReason.SENSITIVE_ZONE)).isPositive();
        assertThat(sum).isNotZero();
    }

    private static String policyOf(final String place) {
        final String policy = POLICY.replace("cell: { h3: 8, publish: both }", place);
        return place.startsWith("laplace")
                ? policy.replace("rotate: 24h", "rotate: 1h").replace(", { odometer: { bucket: 1000 } }", "")
                : policy;
    }

    /** The same drive each time, by a zone too: no cell and no pseudonym is new after the first. */
    private void drive(final StreamChain chain, final KeyRing keys, final ReleaseSink sink) {
        final SplittableRandom random = new SplittableRandom(5);
        for (int device = 0; device < DEVICES; device++) {
            latitudeE7[device] = 524_000_000 + random.nextInt(3_000_000);
            longitudeE7[device] = 132_000_000 + random.nextInt(5_000_000);
        }
        latitudeE7[0] = 525_010_000;
        longitudeE7[0] = 134_010_000;
        for (int i = 0; i < FIXES; i++) {
            final int device = i % DEVICES;
            latitudeE7[device] += random.nextInt(-900, 901);
            longitudeE7[device] += random.nextInt(-1_500, 1_501);
            position.clear();
            position.deviceId(356307042441013L + device)
                    .fixTimeMs(START_MS + i)
                    .receivedTimeMs(START_MS + i)
                    .latitudeE7(latitudeE7[device])
                    .longitudeE7(longitudeE7[device])
                    .speedCmPerSec(1_000)
                    .courseCdeg(9_000)
                    .attribute(Attribute.ODOMETER.key(), i);
            keys.advanceTo(START_MS + i);
            chain.offer(position, sink);
        }
    }
}
