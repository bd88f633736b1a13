// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.anonymizer.ReleaseSink;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.key.FixedEpochKeys;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.config.ConfigReader;
import org.roadhaze.position.Position;

/**
 * What a policy suppresses when the records of a fleet come in order it suppresses when they come late, twice and mixed up:
 * by so much as it waits for, which its head tells.
 */
class UnorderedReplayTest {
    private static final Path POLICIES = Path.of("..", "deploy", "config", "policies");
    private static final String REORDER = "      - reorder:";
    private static final int SEEDS = 5;
    private static final ReleaseSink NOWHERE = release -> {};

    private final Position position = new Position();

    /** A record that left, and the fix that it is of; of no device when it is a count. */
    private record Left(long device, long timeMs, String release) {
        private static Left of(final Candidate candidate) {
            final Release release = candidate.release();
            final StringBuilder text = new StringBuilder();
            text.append(Long.toHexString(release.pseudonym())).append(' ').append(release.timeMs());
            text.append(' ').append(Long.toHexString(release.cell()));
            text.append(' ').append(release.latitudeE7()).append(' ').append(release.longitudeE7());
            for (int i = 0; i < release.attributeCount(); i++) {
                text.append(' ').append(release.attributeKey(i)).append('=').append(release.attributeValue(i));
            }
            return new Left(
                    candidate.position().deviceId(), candidate.position().fixTimeMs(), text.toString());
        }
    }

    private static StreamPolicy policy(final Path file, final String yaml) {
        final ConfigReader reader = new ConfigReader();
        final Policy policy = PolicyReader.read(reader.parse(file, yaml));
        reader.finish();
        return policy.streams().get(0);
    }

    private static StreamPolicy shipped(final String name) throws IOException {
        final Path file = POLICIES.resolve(name + ".yaml");
        return policy(file, Files.readString(file));
    }

    /** All that leaves, in its order, when all has had its time. */
    private List<Left> run(final StreamPolicy stream, final List<Town.Fix> fixes) {
        final List<Left> left = new ArrayList<>();
        final KeyRing keys = FixedEpochKeys.ring(5, Town.START_MS);
        final StreamChain chain = stream.newReplay(keys, 10_000, (Candidate candidate, Mechanism.Outlet outlet) -> {
            left.add(Left.of(candidate));
            outlet.pass(candidate);
        });
        long nowMs = 0;
        for (final Town.Fix fix : fixes) {
            chain.offer(fix.copyTo(position), NOWHERE);
            nowMs = Math.max(nowMs, fix.receivedMs());
        }
        nowMs += 2 * stream.holdsBack().toMillis() + 3_600_000;
        long before;
        do {
            before = chain.published() + suppressed(chain);
            chain.advanceTo(nowMs, NOWHERE);
        } while (chain.published() + suppressed(chain) > before);
        assertThat(chain.offered()).isEqualTo(fixes.size());
        return left;
    }

    private static long suppressed(final StreamChain chain) {
        long sum = 0;
        for (final SuppressionReason reason : SuppressionReason.values()) {
            sum += chain.suppressed(reason);
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({
        "traffic, 30, 120, 7200",
        "trips, 30, 120, 7200",
        "heatmap, 60, 120, 7200",
        "coarse-legal, 900, 120, 7200",
        "counts, 60, 1500, 1200"
    })
    void shouldPublishNothingThatTheOrderedReplaySuppressed(
            final String name, final int lateSeconds, final int vehicles, final int seconds) throws IOException {
        final StreamPolicy stream = shipped(name);
        for (int seed = 1; seed <= SEEDS; seed++) {
            final Random random = new Random(seed);
            final List<Town.Fix> fixes = Town.drive(vehicles, seconds, random);
            final Set<Left> ordered = new HashSet<>(run(stream, fixes));
            final Set<Left> disturbed = new HashSet<>(run(stream, Town.disturb(fixes, 1_000 * lateSeconds, random)));

            assertThat(ordered).as("seed %d", seed).isNotEmpty();
            assertThat(without(disturbed, ordered))
                    .as("seed %d, more than in order", seed)
                    .isEmpty();
            assertThat(without(ordered, disturbed))
                    .as("seed %d, less than in order", seed)
                    .isEmpty();
        }
    }

    private static Set<Left> without(final Set<Left> records, final Set<Left> others) {
        final Set<Left> rest = new HashSet<>(records);
        rest.removeAll(others);
        return rest;
    }

    /** The test of the test: nothing but its reorder keeps a policy that follows vehicles from publishing more. */
    @ParameterizedTest
    @CsvSource({"traffic", "trips"})
    void shouldFindThatMoreLeavesWithoutReorder(final String name) throws IOException {
        final Path file = POLICIES.resolve(name + ".yaml");
        final String yaml = Files.readString(file);
        final StreamPolicy without = policy(
                file,
                String.join(
                        "\n",
                        yaml.lines().filter(line -> !line.startsWith(REORDER)).toList()));
        assertThat(without.steps()).hasSize(shipped(name).steps().size() - 1);
        final Random random = new Random(1);
        final List<Town.Fix> fixes = Town.drive(120, 7_200, random);
        final Set<Left> ordered = new HashSet<>(run(without, fixes));

        final Set<Left> disturbed = new HashSet<>(run(without, Town.disturb(fixes, 30_000, random)));

        assertThat(without(disturbed, ordered)).isNotEmpty();
    }

    @Test
    void shouldKnowEveryPolicyThatShips() throws IOException {
        final Set<String> names = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(POLICIES, "*.yaml")) {
            for (final Path file : files) {
                names.add(file.getFileName().toString().replace(".yaml", ""));
            }
        }
        assertThat(names)
                .as("operations is a journal: nothing is let out of it")
                .containsExactly("coarse-legal", "counts", "heatmap", "operations", "traffic", "trips");
    }
}
