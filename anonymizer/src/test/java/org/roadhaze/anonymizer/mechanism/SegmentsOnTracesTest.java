// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.TimedMechanism;
import org.roadhaze.anonymizer.key.FixedEpochKeys;
import org.roadhaze.anonymizer.policy.Policy;
import org.roadhaze.config.DurationRange;
import org.roadhaze.evaluation.Published;
import org.roadhaze.evaluation.Relinking;
import org.roadhaze.position.Position;

/**
 * How many of a real fleet's segments a tracker joins again, and how much of the day leaves, beside the fixed gap of the
 * literature: 496 taxis, and fifths of them, which have a fifth of the density. One seed.
 */
@EnabledIfSystemProperty(named = "roadhaze.shared", matches = ".+")
class SegmentsOnTracesTest {
    private static final int FIFTHS = 5;
    private static final SplitAndGap.Parameters FIXED = new SplitAndGap.Parameters(
            DurationRange.of(Duration.ofMinutes(3)),
            DurationRange.of(Duration.ofMinutes(5)),
            2.5,
            300,
            Duration.ofMinutes(30));

    /** Those of the policy {@code traffic}. */
    private static final SplitAndGap.Parameters DENSITY = new SplitAndGap.Parameters(
            new DurationRange(Duration.ofSeconds(270), Duration.ofMinutes(5)), null, 2.5, 600, Duration.ofMinutes(20));

    private static List<Published> published(final List<CabTraces.Fix> fixes, final SplitAndGap.Parameters parameters) {
        final List<Published> left = new ArrayList<>();
        final Mechanism.Outlet outlet = new Mechanism.Outlet() {
            @Override
            public void pass(final Candidate candidate) {
                final Position fix = candidate.position();
                left.add(Published.point(
                        candidate.segment(),
                        (int) fix.deviceId(),
                        fix.fixTimeMs(),
                        fix.latitudeE7() / 1e7,
                        fix.longitudeE7() / 1e7));
            }

            @Override
            public void suppress(final Candidate candidate, final SuppressionReason reason) {}
        };
        final TimedMechanism mechanism = parameters.build(
                MechanismContext.of("s", FixedEpochKeys.ring(7, fixes.get(0).timeMs())));
        final Position position = new Position();
        final Candidate candidate = new Candidate();
        for (final CabTraces.Fix fix : fixes) {
            mechanism.advanceTo(fix.timeMs(), outlet);
            position.clear();
            position.deviceId(fix.device())
                    .fixTimeMs(fix.timeMs())
                    .latitudeE7(fix.latitudeE7())
                    .longitudeE7(fix.longitudeE7());
            mechanism.accept(candidate.reset(position), outlet);
        }
        return left;
    }

    /**
     * The better of two motions, greedy, within reach of 50 m/s: the tracker of the evaluation, who knows the policy, and looks
     * over up to ten minutes. The links are those of the evaluation, see {@link Relinking}.
     */
    private static Relinking relinked(final List<Published> records, final long leastMs, final long mostMs) {
        Relinking best = Relinking.NONE;
        for (final Relinking.Motion motion : Relinking.Motion.values()) {
            final Relinking one = Relinking.attack(
                    records, new Relinking.Tracker(motion, Relinking.Matching.GREEDY, leastMs, mostMs, 50));
            best = one.recovered() >= best.recovered() ? one : best;
        }
        return best;
    }

    private record Outcome(double publishedOfFixed, Relinking relinking) {}

    private static Outcome run(final List<CabTraces.Fix> fixes, final String name) {
        final int fixed = published(fixes, FIXED).size();
        final List<Published> records = published(fixes, DENSITY);
        final Relinking relinking = relinked(records, 60_000, 600_000);
        System.out.printf(
                Locale.ROOT,
                "MEASURE %s: %d of %d fixes, %.3f of what the fixed split publishes; %.4f of %d links%n",
                name,
                records.size(),
                fixes.size(),
                (double) records.size() / fixed,
                relinking.rate(),
                relinking.links());
        return new Outcome((double) records.size() / fixed, relinking);
    }

    /** The whole of the shipped policy: its trips lose their ends before they are cut, its places are squares of 100 m. */
    @Test
    void shouldConfuseATrackerWhoReadsTheTrafficPolicy() throws IOException {
        final List<CabTraces.Fix> fixes = CabTraces.oneDay(shared());
        final List<Published> left = new ArrayList<>();
        final StreamChain chain = Policy.read(Path.of("..", "deploy", "config", "policies", "traffic.yaml")).stream(
                        "traffic")
                .newReplay(
                        FixedEpochKeys.ring(7, fixes.get(0).timeMs()),
                        1_000,
                        (Candidate candidate, Mechanism.Outlet outlet) -> {
                            // What leaves during a call is of any device: it waited for its order.
                            left.add(Published.point(
                                    candidate.release().pseudonym(),
                                    (int) candidate.position().deviceId(),
                                    candidate.release().timeMs(),
                                    candidate.release().latitudeE7() / 1e7,
                                    candidate.release().longitudeE7() / 1e7));
                            outlet.pass(candidate);
                        });
        final Position position = new Position();
        for (final CabTraces.Fix fix : fixes) {
            position.clear();
            position.deviceId(fix.device())
                    .fixTimeMs(fix.timeMs())
                    .receivedTimeMs(fix.timeMs())
                    .latitudeE7(fix.latitudeE7())
                    .longitudeE7(fix.longitudeE7());
            chain.offer(position, release -> {});
        }
        final Relinking relinking = relinked(left, 45_000, 600_000);
        System.out.printf(
                Locale.ROOT,
                "MEASURE traffic: %d of %d fixes; %.4f of %d links; at stops %d, in gaps %d, unconfused %d%n",
                left.size(),
                fixes.size(),
                relinking.rate(),
                relinking.links(),
                chain.suppressed(SuppressionReason.TRIP_START) + chain.suppressed(SuppressionReason.TRIP_END),
                chain.suppressed(SuppressionReason.SEGMENT_GAP),
                chain.suppressed(SuppressionReason.UNCONFUSED));

        assertThat(relinking.rate()).isLessThanOrEqualTo(0.05);
        assertThat((double) left.size() / fixes.size()).isGreaterThanOrEqualTo(0.05);
    }

    private static Path shared() {
        return Path.of(System.getProperty("roadhaze.shared"));
    }

    @Test
    void shouldConfuseATrackerInAWholeFleet() throws IOException {
        final Outcome outcome = run(CabTraces.oneDay(shared()), "496 taxis");

        assertThat(outcome.relinking().rate()).isLessThanOrEqualTo(0.05);
        assertThat(outcome.publishedOfFixed()).isGreaterThanOrEqualTo(0.6);
    }

    @Test
    void shouldConfuseATrackerInAFifthOfTheFleet() throws IOException {
        final List<CabTraces.Fix> all = CabTraces.oneDay(shared());
        final List<Integer> devices = new ArrayList<>(
                all.stream().map(CabTraces.Fix::device).distinct().toList());
        Collections.shuffle(devices, new Random(5));
        double published = 0;
        Relinking relinking = Relinking.NONE;
        for (int i = 0; i < FIFTHS; i++) {
            final int fifth = i;
            final List<CabTraces.Fix> some = all.stream()
                    .filter(fix -> devices.indexOf(fix.device()) % FIFTHS == fifth)
                    .toList();
            final Outcome outcome = run(some, "fifth " + (i + 1));
            published += outcome.publishedOfFixed() / FIFTHS;
            relinking = relinking.plus(outcome.relinking());
        }
        System.out.printf(
                Locale.ROOT, "MEASURE fifths: %.3f, %.4f of %d%n", published, relinking.rate(), relinking.links());

        assertThat(relinking.rate()).isLessThanOrEqualTo(0.05);
        assertThat(published).isGreaterThanOrEqualTo(0.6);
    }
}
