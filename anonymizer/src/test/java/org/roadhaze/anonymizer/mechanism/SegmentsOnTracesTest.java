// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
import org.roadhaze.evaluation.Evaluation;
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

    /** What the reader of {@code traffic} knows of a gap: a minute, less the steps of 15 s. */
    private static final long TRAFFIC_LEAST_MS = 45_000;

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

    /** The best of the trackers of the evaluation, who know the policy, and of one who looks over ten minutes, between their windows. */
    private static Relinking relinked(final List<Published> records, final long leastMs) {
        final Relinking ofEvaluation =
                Evaluation.joinedAgain(records, Evaluation.Settings.DEFAULT.leastSilence(leastMs));
        return Stream.of(Relinking.Motion.values())
                .map(motion -> Relinking.attack(records, tracker(motion, leastMs, 10 * 60_000L)))
                .reduce(ofEvaluation, (best, one) -> one.rate() > best.rate() ? one : best);
    }

    private record Outcome(double publishedOfFixed, Relinking relinking) {}

    private static Outcome run(final List<CabTraces.Fix> fixes, final String name) {
        final int fixed = published(fixes, FIXED).size();
        final List<Published> records = published(fixes, DENSITY);
        final Relinking relinking = relinked(records, 60_000);
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

    /** What leaves the whole of the shipped policy: trips lose their ends before they are cut, places are squares of 100 m. */
    private static List<Published> throughTraffic(final List<CabTraces.Fix> fixes) {
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
        return left;
    }

    /** By the trackers of the evaluation, and by one who looks for just those who come up anew, after 19 minutes to an hour. */
    @Test
    void shouldConfuseATrackerWhoReadsTheTrafficPolicy() throws IOException {
        final List<CabTraces.Fix> all = CabTraces.oneDay(shared());
        final List<Published> left = throughTraffic(all);
        final Relinking whole = relinked(left, TRAFFIC_LEAST_MS);
        final Relinking wholeLate = late(left);
        Relinking fifths = Relinking.NONE;
        Relinking fifthsLate = Relinking.NONE;
        for (final List<CabTraces.Fix> fifth : fifths(all)) {
            final List<Published> ofFifth = throughTraffic(fifth);
            fifths = fifths.plus(relinked(ofFifth, TRAFFIC_LEAST_MS));
            fifthsLate = fifthsLate.plus(late(ofFifth));
        }
        System.out.printf(Locale.ROOT, "MEASURE traffic: %d of %d fixes%n", left.size(), all.size());
        print("traffic", whole);
        print("traffic, fifths", fifths);
        print("traffic, over 19 minutes to an hour", wholeLate);
        print("traffic, fifths, over 19 minutes to an hour", fifthsLate);

        assertThat(whole.rate()).isLessThanOrEqualTo(0.05);
        assertThat(fifths.rate()).isLessThanOrEqualTo(0.05);
        assertThat((double) left.size() / all.size()).isGreaterThanOrEqualTo(0.4);
        assertThat(wholeLate.rate()).isLessThanOrEqualTo(0.01);
        assertThat(fifthsLate.rate()).isLessThanOrEqualTo(0.03);
    }

    private static void print(final String name, final Relinking found) {
        System.out.printf(
                Locale.ROOT,
                "MEASURE %s: joined again %.4f of %d links, by chance %.4f%n",
                name,
                found.rate(),
                found.links(),
                found.chance());
    }

    /** Of the sequels over 19 minutes to an hour, by the better of two motions, who looks for no others. */
    private static Relinking late(final List<Published> records) {
        final long fromMs = 19 * 60_000L;
        final long shorterMs = fromMs - Relinking.LOOKED_OVER_MS;
        final long shorter = Relinking.attack(records, tracker(Relinking.Motion.AT_REST, shorterMs, shorterMs))
                .links();
        return Stream.of(Relinking.Motion.values())
                .map(motion -> Relinking.attack(records, tracker(motion, fromMs, 60 * 60_000L)))
                .map(found -> new Relinking(found.links() - shorter, found.recovered(), found.byChance()))
                .max(Comparator.comparingLong(Relinking::recovered))
                .orElseThrow();
    }

    private static Relinking.Tracker tracker(final Relinking.Motion motion, final long leastMs, final long mostMs) {
        return new Relinking.Tracker(motion, Relinking.Matching.GREEDY, leastMs, mostMs, 50);
    }

    private static List<List<CabTraces.Fix>> fifths(final List<CabTraces.Fix> all) {
        final List<Integer> devices = new ArrayList<>(
                all.stream().map(CabTraces.Fix::device).distinct().toList());
        Collections.shuffle(devices, new Random(5));
        return IntStream.range(0, FIFTHS)
                .mapToObj(fifth -> all.stream()
                        .filter(fix -> devices.indexOf(fix.device()) % FIFTHS == fifth)
                        .toList())
                .toList();
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
        double published = 0;
        Relinking relinking = Relinking.NONE;
        int number = 0;
        for (final List<CabTraces.Fix> fifth : fifths(CabTraces.oneDay(shared()))) {
            final Outcome outcome = run(fifth, "fifth " + ++number);
            published += outcome.publishedOfFixed() / FIFTHS;
            relinking = relinking.plus(outcome.relinking());
        }
        System.out.printf(
                Locale.ROOT, "MEASURE fifths: %.3f, %.4f of %d%n", published, relinking.rate(), relinking.links());

        assertThat(relinking.rate()).isLessThanOrEqualTo(0.05);
        assertThat(published).isGreaterThanOrEqualTo(0.6);
    }
}
