// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.anonymizer.ReleaseSink;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.key.FixedEpochKeys;
import org.roadhaze.position.Position;

/** The shipped policy {@code traffic}, as a whole. */
class TrafficPolicyTest {
    private static final Path SHIPPED = Path.of("..", "deploy", "config", "policies", "traffic.yaml");

    private final Position position = new Position();
    private final List<String> left = new ArrayList<>();
    private long sum;

    private static StreamChain chain() {
        return Policy.read(SHIPPED).stream("traffic").newChain(FixedEpochKeys.ring(5, Town.START_MS), 1_000);
    }

    private void offer(final StreamChain chain, final Town.Fix fix, final ReleaseSink sink) {
        chain.offer(fix.copyTo(position), sink);
    }

    private List<String> run(final StreamChain chain, final List<Town.Fix> fixes) {
        left.clear();
        for (final Town.Fix fix : fixes) {
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
        final List<Town.Fix> fixes = Town.drive(150, 7_200, new Random(1));
        final List<String> records = run(chain, fixes);

        assertThat(records).hasSizeGreaterThan(fixes.size() / 10).noneMatch(one -> one.startsWith("0 "));
        assertThat(chain.suppressed(SuppressionReason.SEGMENT_GAP)).isPositive();
        assertThat(chain.suppressed(SuppressionReason.UNCONFUSED)).isPositive();
        assertThat(chain.suppressed(SuppressionReason.TRIP_START)).isPositive();
    }

    @Test
    void shouldAllocateNothingPerRecord() {
        final StreamChain chain = chain();
        final Town.Fix[] fixes = Town.drive(200, 10_800, new Random(2)).toArray(new Town.Fix[0]);
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
