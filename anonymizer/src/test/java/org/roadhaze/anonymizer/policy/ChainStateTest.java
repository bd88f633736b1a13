// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.anonymizer.ReleaseSink;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.key.FixedEpochKeys;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.geometry.LocalMetres;
import org.roadhaze.position.Position;

/**
 * What the chains of the shipped policies keep of a live device, what they hold back included: heap and direct memory, of
 * 10,000 vehicles that drive, turn and stop about a city of 40 km. A policy that is a journal has no chain. What waits for
 * windows, of {@code heatmap} for six minutes and of {@code coarse-legal} for up to half an hour, takes some 90 and 75 bytes a
 * record, a third of which is the record itself: the more often a device sends, the more. Both end just before a window is let
 * go.
 */
class ChainStateTest {
    private static final int DEVICES = 10_000;
    private static final int MOST_BYTES = 4_096;
    private static final long START_MS = 1_752_393_600_000L;
    private static final Path POLICIES = Path.of("..", "deploy", "config", "policies");

    private final Position position = new Position();
    private final double[] north = new double[DEVICES];
    private final double[] east = new double[DEVICES];
    private final double[] northPerSecond = new double[DEVICES];
    private final double[] eastPerSecond = new double[DEVICES];
    private final SplittableRandom random = new SplittableRandom(1);
    private long released;

    @ParameterizedTest(name = "{0}, a record every {2} s")
    @CsvSource({
        "traffic, traffic, 10, 40",
        "trips, trips, 10, 30",
        "heatmap, heatmap, 10, 21",
        "counts, counts, 60, 150",
        "coarse-legal, coarse, 60, 75",
    })
    void shouldKeepLittleOfADevice(final String policy, final String stream, final int seconds, final int minutes) {
        final Policy shipped = Policy.read(POLICIES.resolve(policy + ".yaml"));
        final KeyRing keys = FixedEpochKeys.ring(5, START_MS);
        for (int i = 0; i < DEVICES; i++) {
            // The sum of two is thickest in the middle.
            north[i] = 20_000 * (random.nextDouble() + random.nextDouble());
            east[i] = 20_000 * (random.nextDouble() + random.nextDouble());
        }
        final long before = usedBytes();
        final StreamChain chain = shipped.stream(stream).newChain(keys, DEVICES);
        drive(chain, seconds, minutes);
        final double perDevice = (double) (usedBytes() - before) / DEVICES;

        System.out.printf(
                Locale.ROOT, "MEASURE %s, a record every %d s: %.0f bytes a device%n", policy, seconds, perDevice);
        assertThat(chain.offered()).isGreaterThan(DEVICES);
        assertThat(released).isPositive();
        assertThat(perDevice).isBetween(1.0, (double) MOST_BYTES);
    }

    private static long usedBytes() {
        long used = 0;
        for (int i = 0; i < 3; i++) {
            System.gc();
            used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        }
        return used
                + ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .mapToLong(BufferPoolMXBean::getMemoryUsed)
                        .sum();
    }

    private void drive(final StreamChain chain, final int seconds, final int minutes) {
        final ReleaseSink sink = release -> released++;
        final int records = DEVICES * 60 * minutes / seconds;
        for (int i = 0; i < records; i++) {
            final int device = i % DEVICES;
            if (i < DEVICES || random.nextInt(20) == 0) {
                final boolean stands = random.nextInt(8) == 0;
                northPerSecond[device] = stands ? 0 : random.nextDouble(-16, 16);
                eastPerSecond[device] = stands ? 0 : random.nextDouble(-16, 16);
            }
            north[device] += seconds * northPerSecond[device];
            east[device] += seconds * eastPerSecond[device];
            final long timeMs = START_MS + 1_000L * seconds * i / DEVICES;
            position.clear();
            position.deviceId(1 + device)
                    .fixTimeMs(timeMs)
                    .receivedTimeMs(timeMs)
                    .latitudeE7(450_000_000 + (int) (north[device] / LocalMetres.PER_E7))
                    .longitudeE7(75_000_000 + (int) (east[device] / LocalMetres.PER_E7 / 0.7))
                    .speedCmPerSec(1_000)
                    .courseCdeg(9_000);
            chain.offer(position, sink);
        }
    }
}
