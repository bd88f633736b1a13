// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.anonymizer.ReleaseSink;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.geometry.LocalMetres;
import org.roadhaze.position.Position;

/**
 * The shipped policy {@code traffic} with 10,000 live devices, once each of its steps has seen as much as it ever will: no byte
 * in a whole hour. They drive, turn, stop, and turn back at the borders of their city.
 */
class FleetAllocationTest {
    private static final int DEVICES = 10_000;
    private static final double METRES = 40_000;
    private static final long START_MS = 1_752_393_600_000L;
    private static final Path SHIPPED = Path.of("..", "deploy", "config", "policies", "traffic.yaml");

    private final SplittableRandom random = new SplittableRandom(1);
    private final Position position = new Position();
    private final double[] north = new double[DEVICES];
    private final double[] east = new double[DEVICES];
    private final double[] northPerSecond = new double[DEVICES];
    private final double[] eastPerSecond = new double[DEVICES];
    private long records;
    private long sum;

    @ParameterizedTest(name = "a record every {0} s")
    @CsvSource({"60, 180", "10, 130"})
    void shouldAllocateNothingInAnHour(final int seconds, final int warmUpMinutes) {
        for (int i = 0; i < DEVICES; i++) {
            // The sum of two is thickest in the middle.
            north[i] = METRES / 2 * (random.nextDouble() + random.nextDouble());
            east[i] = METRES / 2 * (random.nextDouble() + random.nextDouble());
        }
        final KeyRing keys = KeyRing.inMemory(START_MS);
        final StreamChain chain = Policy.read(SHIPPED).stream("traffic").newChain(keys, 2 * DEVICES);
        final ReleaseSink sink = release -> sum += release.cell() + release.pseudonym() + release.attributeCount();
        drive(chain, keys, sink, seconds, warmUpMinutes);
        final long published = chain.published();

        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        drive(chain, keys, sink, seconds, 60);
        final long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        final int hour = DEVICES * 3_600 / seconds;
        assertThat(chain.published() - published).isGreaterThan(hour / 10);
        assertThat(sum).isNotZero();
        // The bean itself allocates a little; a hundredth of a byte a record would be 6,000.
        assertThat(allocated).as("bytes for %d records", hour).isLessThan(hour / 100);
    }

    private void drive(
            final StreamChain chain, final KeyRing keys, final ReleaseSink sink, final int seconds, final int minutes) {
        final long end = records + (long) DEVICES * 60 * minutes / seconds;
        while (records < end) {
            final int device = (int) (records % DEVICES);
            final long timeMs = START_MS + records * seconds * 1_000L / DEVICES;
            move(device, seconds);
            records++;
            position.clear();
            position.deviceId(1 + device)
                    .fixTimeMs(timeMs)
                    .receivedTimeMs(timeMs)
                    .latitudeE7(450_000_000 + (int) (north[device] / LocalMetres.PER_E7))
                    .longitudeE7(75_000_000 + (int) (east[device] / LocalMetres.PER_E7 / 0.7))
                    .speedCmPerSec(1_000)
                    .courseCdeg(9_000);
            keys.advanceTo(timeMs);
            chain.offer(position, sink);
        }
    }

    private void move(final int device, final int seconds) {
        if (records < DEVICES || random.nextInt(20) == 0) {
            final boolean stands = random.nextInt(8) == 0;
            northPerSecond[device] = stands ? 0 : random.nextDouble(-16, 16);
            eastPerSecond[device] = stands ? 0 : random.nextDouble(-16, 16);
        }
        northPerSecond[device] = inwards(north[device], northPerSecond[device]);
        eastPerSecond[device] = inwards(east[device], eastPerSecond[device]);
        north[device] += seconds * northPerSecond[device];
        east[device] += seconds * eastPerSecond[device];
    }

    private static double inwards(final double metres, final double perSecond) {
        return metres < 0 || metres > METRES ? Math.copySign(perSecond, METRES / 2 - metres) : perSecond;
    }
}
