// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.anonymizer.policy.Policy;
import org.roadhaze.report.PageReader;

/** Every shipped policy keeps its own limits: on the town that is shipped beside it and, where they are, on real traces. */
class ShippedLimitsTest {
    private static final String SHARED = "roadhaze.shared";

    @TempDir
    private Path files;

    private final CommandLineHarness roadhaze = new CommandLineHarness();

    private int evaluate(final Path policy, final Path traces, final String... options) {
        final List<String> arguments =
                new ArrayList<>(List.of("evaluate", "--policy", policy.toString(), "--traces", traces.toString()));
        arguments.addAll(List.of(options));
        final int exit = roadhaze.run(arguments.toArray(new String[0]));
        System.out.println(roadhaze.out() + roadhaze.err());
        return exit;
    }

    private void shouldKeep(final String policy, final Path traces, final String... options) {
        final Path file = CommandLineHarness.shipped("policies/" + policy + ".yaml");
        assertThat(Policy.read(file).streams()).isNotEmpty().noneMatch(stream -> stream.limits()
                .isEmpty());
        assertThat(evaluate(file, traces, options)).as("%s", roadhaze.err()).isEqualTo(Exit.OK);
    }

    private String figure(final String name) {
        return roadhaze.out()
                .lines()
                .filter(line -> line.strip().startsWith(name + " "))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldKeepTheLimitsOfTrafficInTheTown() {
        shouldKeep("traffic", CommandLineHarness.shipped("traces/town.delta.gz"));
        assertThat(figure("relinkFull")).doesNotContain("not applicable");
        assertThat(figure("relinkFifth"))
                .as("of 36 vehicles two pieces of one never follow within the silence that is looked over")
                .contains("not applicable");
    }

    /** Numbers are nobody's: that nobody's home is found in them, and that no fix leaves in them, is no figure. */
    @Test
    void shouldMeasureNothingOfVehiclesInCounts() throws Exception {
        final Path out = files.resolve("counts.html");
        shouldKeep("counts", CommandLineHarness.shipped("traces/town.delta.gz"), "--out", out.toString());
        assertThat(List.of("stopF", "homeWithin250m", "published", "publishedOfLeastDevice"))
                .extracting(this::figure)
                .allMatch(line -> line.contains("not applicable: no record is one vehicle's"));
        assertThat(figure("aggregateRecovery")).doesNotContain("not applicable");
        assertThat(figure("heatmapDivergence")).doesNotContain("not applicable");
        final PageReader page = new PageReader(Files.readString(out));
        assertThat(page.values("//section[h2/@id='fairness']/*"))
                .as("neither charts of nothing nor vehicles that are said to be missing")
                .containsExactly(
                        "Nobody may vanish unnoticed",
                        "Numbers leave, and no record is one vehicle's: who is missing from them cannot be told.");
    }

    /** All homes that are found, those of a yard that everybody could name among them: no gentler figure stands for this one. */
    @ParameterizedTest
    @ValueSource(strings = {"traffic", "trips", "heatmap", "coarse-legal"})
    void shouldBeHeldToTheHomesThatAreFound(final String policy) {
        final Path file = CommandLineHarness.shipped("policies/" + policy + ".yaml");
        assertThat(Policy.read(file).streams().get(0).limits()).containsKey("homeWithin250m");
    }

    /** What is asked of the policy: its limits, in a fifth of the fleet too, and two of five fixes out. */
    @Test
    @EnabledIfSystemProperty(named = SHARED, matches = ".+")
    void shouldKeepTheLimitsOfTrafficOnADayOfTaxisAndLetTwoFifthsOut() {
        shouldKeep("traffic", shared("cabs-one-day.csv.gz"), "--utc-offset=-07:00");
        assertThat(number("published")).isGreaterThanOrEqualTo(0.4);
        assertThat(number("trafficSpeedError")).as("the median").isLessThanOrEqualTo(0.1);
        for (final String limit : List.of("relinkFull", "relinkFifth", "reidentificationApAdaptive")) {
            assertThat(figure(limit)).doesNotContain("not applicable");
        }
    }

    private double number(final String name) {
        return Double.parseDouble(figure(name).strip().split(" +", 3)[1]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"trips", "heatmap", "coarse-legal", "counts"})
    void shouldBeKeptInTheTown(final String policy) {
        shouldKeep(policy, CommandLineHarness.shipped("traces/town.delta.gz"));
        final Path file = CommandLineHarness.shipped("policies/" + policy + ".yaml");
        for (final String limit : Policy.read(file).streams().get(0).limits().keySet()) {
            assertThat(figure(limit))
                    .as("a limit that nothing is held to cannot fail")
                    .doesNotContain("not applicable");
        }
        assertThat(roadhaze.out().lines())
                .filteredOn(line -> line.strip().startsWith("heatmapDivergence"))
                .singleElement()
                .asString()
                .as("something leaves, so that there is something to attack")
                .doesNotContain("-");
    }

    @ParameterizedTest
    @ValueSource(strings = {"trips", "heatmap", "coarse-legal", "counts"})
    @EnabledIfSystemProperty(named = SHARED, matches = ".+")
    void shouldBeKeptOnADayOfTaxis(final String policy) {
        shouldKeep(policy, shared("cabs-one-day.csv.gz"), "--utc-offset=-07:00");
    }

    /** People who never drive together: gaps that wait for others never end. */
    @Test
    @EnabledIfSystemProperty(named = SHARED, matches = ".+")
    void shouldSayThatNothingLeavesOfPeople() {
        shouldKeep("traffic", shared("geolife.delta.gz"), "--utc-offset=+08:00");
        assertThat(roadhaze.out()).contains(" fixes of 56 vehicles nothing left: there was nothing to attack");
        assertThat(figure("homeWithin250m")).contains("not applicable: nothing left");
        shouldKeep("heatmap", shared("geolife.delta.gz"), "--utc-offset=+08:00");
        assertThat(roadhaze.out()).contains(" fixes of 56 vehicles only 0.", " left, of ");
    }

    private static Path shared(final String name) {
        return Path.of(System.getProperty(SHARED), "traces", name);
    }

    /** The limits of traffic, and those by stops that ids of a stream so short could not break, over a chain that hides nothing. */
    @Test
    void shouldRefuseAStableIdOnRawPoints() throws IOException {
        final String limits = Files.readString(CommandLineHarness.shipped("policies/traffic.yaml"))
                .lines()
                .filter(line -> line.strip().startsWith("limits:"))
                .findFirst()
                .orElseThrow()
                .replace("stopF:", "reidentificationPoiAdaptive: 2%, reidentificationMarkovAdaptive: 2%, stopF:");
        final Path broken = Files.writeString(files.resolve("broken.yaml"), """
                policy: { version: broken }
                streams:
                  broken:
                    retention: 1d
                    identity: { pseudonym: keyed, rotate: 366d }
                    location: [{ exact: {} }]
                    time: exact
                """ + limits + "\n");
        assertThat(evaluate(broken, CommandLineHarness.shipped("traces/town.delta.gz")))
                .isEqualTo(Exit.LIMIT_BROKEN);
        assertThat(roadhaze.err())
                .contains("limit broken: reidentificationApAdaptive: found ")
                .contains("limit broken: reidentificationPoiAdaptive: found ")
                .contains("limit broken: reidentificationMarkovAdaptive: found ")
                .contains("limit broken: homeWithin250m: found 1.0000, allowed at most 0.0700 (homes found from where")
                .contains("limit broken: stopF: found ")
                .doesNotContain("relink");
    }
}
