// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.anonymizer.ReleaseSink;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.key.FixedEpochKeys;
import org.roadhaze.geometry.LocalMetres;
import org.roadhaze.position.Position;

/** The shipped policy {@code traffic}, as a whole. */
class TrafficPolicyTest {
    private static final long START_MS = 1_752_393_600_000L;
    private static final Path SHIPPED = Path.of("..", "deploy", "config", "policies", "traffic.yaml");

    /** A fix, and when it came. */
    private record Fix(long device, long timeMs, long receivedMs, int latE7, int lonE7, int speed, int course) {}

    private final Position position = new Position();
    private final List<String> left = new ArrayList<>();
    private long sum;

    private static StreamChain chain() {
        return Policy.read(SHIPPED).stream("traffic").newChain(FixedEpochKeys.ring(5, START_MS), 1_000);
    }

    /** A town of 8 km without its hospital: vehicles that drive, turn, and seldom stop. */
    private static List<Fix> town(final int vehicles, final int seconds, final Random random) {
        final List<Fix> fixes = new ArrayList<>();
        for (int device = 1; device <= vehicles; device++) {
            double north = 8_000 * random.nextDouble();
            double east = 8_000 * random.nextDouble();
            int heading = random.nextInt(360);
            int speed = 12;
            for (int s = random.nextInt(10); s < seconds; s += 10) {
                if (random.nextInt(20) == 0) {
                    heading = random.nextInt(360);
                    speed = random.nextInt(10) == 0 ? 0 : 5 + random.nextInt(15);
                }
                north += 10 * speed * Math.cos(Math.toRadians(heading));
                east += 10 * speed * Math.sin(Math.toRadians(heading));
                final long timeMs = START_MS + 1_000L * s + device;
                fixes.add(new Fix(
                        device,
                        timeMs,
                        timeMs + 500,
                        455_000_000 + (int) (north / LocalMetres.PER_E7),
                        76_000_000 + (int) (east / LocalMetres.PER_E7 / 0.7),
                        100 * speed,
                        100 * heading));
            }
        }
        fixes.sort((a, b) -> Long.compare(a.timeMs(), b.timeMs()));
        return fixes;
    }

    private void offer(final StreamChain chain, final Fix fix, final ReleaseSink sink) {
        position.clear();
        position.deviceId(fix.device())
                .fixTimeMs(fix.timeMs())
                .receivedTimeMs(fix.receivedMs())
                .latitudeE7(fix.latE7())
                .longitudeE7(fix.lonE7())
                .speedCmPerSec(fix.speed())
                .courseCdeg(fix.course());
        chain.offer(position, sink);
    }

    private List<String> run(final StreamChain chain, final List<Fix> fixes) {
        left.clear();
        for (final Fix fix : fixes) {
            offer(chain, fix, release -> left.add(text(release)));
        }
        return List.copyOf(left);
    }

    private static String text(final Release release) {
        return release.pseudonym() + " " + release.timeMs() + " " + Long.toHexString(release.cell()) + " "
                + release.attributeCount();
    }

    @Test
    void shouldPublishPiecesOfDrives() {
        final StreamChain chain = chain();
        final List<Fix> fixes = town(150, 7_200, new Random(1));
        final List<String> records = run(chain, fixes);

        assertThat(records).hasSizeGreaterThan(fixes.size() / 10).noneMatch(one -> one.startsWith("0 "));
        assertThat(chain.suppressed(SuppressionReason.SEGMENT_GAP)).isPositive();
        assertThat(chain.suppressed(SuppressionReason.UNCONFUSED)).isPositive();
        assertThat(chain.suppressed(SuppressionReason.TRIP_START)).isPositive();
    }

    /** Of twenty records one comes a second time, late and in any order: what leaves stays the same, record by record. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void shouldPublishNothingThatTheOrderedReplaySuppressed(final int seed) {
        final Random random = new Random(seed);
        final List<Fix> fixes = town(100, 5_400, random);
        final List<String> ordered = run(chain(), fixes);
        final List<Fix> disturbed = new ArrayList<>();
        final List<Fix> late = new ArrayList<>();
        for (final Fix fix : fixes) {
            disturbed.add(fix);
            if (random.nextInt(20) == 0) {
                late.add(fix);
            }
            if (random.nextInt(300) == 0) {
                Collections.shuffle(late, random);
                for (final Fix one : late) {
                    disturbed.add(new Fix(
                            one.device(),
                            one.timeMs(),
                            fix.receivedMs(),
                            one.latE7(),
                            one.lonE7(),
                            one.speed(),
                            one.course()));
                }
                late.clear();
            }
        }

        assertThat(ordered).hasSizeGreaterThan(100);
        assertThat(run(chain(), disturbed)).isEqualTo(ordered);
    }

    @Test
    void shouldAllocateNothingPerRecord() {
        final StreamChain chain = chain();
        final Fix[] fixes = town(200, 10_800, new Random(2)).toArray(new Fix[0]);
        final ReleaseSink sink = release -> sum += release.cell() + release.pseudonym() + release.attributeCount();
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int i = 0; i < fixes.length; i++) {
            if (i == fixes.length * 2 / 3) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            offer(chain, fixes[i], sink);
        }
        final long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(chain.published()).isPositive();
        assertThat(sum).isNotZero();
        assertThat(allocated).as("bytes for %d records", fixes.length / 3).isLessThan(fixes.length / 30);
    }
}
