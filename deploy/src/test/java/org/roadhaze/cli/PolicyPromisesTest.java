// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.anonymizer.policy.Policy;
import org.roadhaze.engine.EngineConfig;
import org.roadhaze.evaluation.Places;
import org.roadhaze.evaluation.StopPromise;
import org.roadhaze.evaluation.StreamForm;

/** What the shipped policies promise, as the verifier is told. */
class PolicyPromisesTest {
    private static PolicyPromises shipped(final String file, final String stream) {
        return new PolicyPromises(Policy.read(CommandLineHarness.shipped("policies/" + file + ".yaml")).stream(stream));
    }

    @Test
    void shouldHoldTripsToTheirStopsCellsStepsAndEpochs() {
        final PolicyPromises trips = shipped("trips", "trips");
        assertThat(trips.promises().stops()).contains(StopPromise.ofTrips(500));
        assertThat(trips.form())
                .isEqualTo(new StreamForm(
                        true,
                        OptionalLong.of(300_000),
                        OptionalLong.of(15_000),
                        Places.h3(10),
                        Map.of("speed", 5.0),
                        false));
        assertThat(trips.notChecked()).singleElement().asString().startsWith("reorder: that what left does not depend");
    }

    @Test
    void shouldHoldHeatMapsToTheirCrowd() {
        final PolicyPromises heatmap = shipped("heatmap", "heatmap");
        assertThat(heatmap.promises().k()).isEqualTo(OptionalInt.of(5));
        assertThat(heatmap.promises().windowMs()).isEqualTo(300_000);
        assertThat(heatmap.form().places()).isEqualTo(Places.ladder(List.of(125, 250, 500, 1000, 2000, 4000, 8000)));
        assertThat(heatmap.form().hasId()).isFalse();
        assertThat(heatmap.notChecked()).isEmpty();
    }

    @Test
    void shouldHoldCountsToWhatADayCosts() {
        final PolicyPromises counts = shipped("counts", "counts");
        assertThat(counts.promises().epsilonPerDay()).hasValue(24);
        assertThat(counts.form().aggregate()).isTrue();
        assertThat(counts.form().attributes()).containsOnlyKeys("deviceCount", "epsilon", "epsilonOfDay");
        assertThat(counts.notChecked()).singleElement().asString().startsWith("counts: that the noise is as large");
    }

    /** A gap of 40 s may look like one of 30 s in times of whole 15 s, and not like a shorter one. */
    @Test
    void shouldTellTheTrackerTheShortestSilenceThatAReaderCanSee(@TempDir final Path directory) throws IOException {
        assertThat(shipped("traffic", "traffic").leastSilenceMs()).isEqualTo(60_000);
        assertThat(shipped("trips", "trips").leastSilenceMs()).isZero();
        final Path file = Files.writeString(directory.resolve("policy.yaml"), """
                policy: { version: v1 }
                streams:
                  pieces:
                    retention: 1d
                    identity: { pseudonym: per-segment }
                    location: [{ split-and-gap: { segment: 2min, gap: 40s..90s } }, { cell: { grid: 100m } }]
                    time: { round: 15s }
                """);
        assertThat(new PolicyPromises(Policy.read(file).stream("pieces")).leastSilenceMs())
                .isEqualTo(30_000);
    }

    @Test
    void shouldHoldTrafficToItsSegmentsAndGaps() {
        final PolicyPromises traffic = shipped("traffic", "traffic");
        assertThat(traffic.promises().stops()).contains(StopPromise.ofTrips(500));
        assertThat(traffic.promises().mostSegmentMs()).hasValue(300_000);
        assertThat(traffic.promises().leastGapMs()).hasValue(60_000);
        assertThat(traffic.form().hasId()).isTrue();
        assertThat(traffic.form().rotateMs()).isEmpty();
        assertThat(traffic.notChecked())
                .satisfiesExactly(
                        order -> assertThat(order).startsWith("reorder: that what left does not depend"),
                        zones -> assertThat(zones).startsWith("location: nothing from within 200 m of"),
                        confusion -> assertThat(confusion).startsWith("location: that gaps last until"));
    }

    @Test
    void shouldNameTheZonesThatItCannotCheck() {
        final Policy policy =
                EngineConfig.read(CommandLineHarness.shipped("roadhaze.yaml")).policy();
        assertThat(new PolicyPromises(policy.stream("traffic")).notChecked())
                .singleElement()
                .asString()
                .startsWith("location: nothing from within 200 m of");
        final PolicyPromises gates = new PolicyPromises(policy.stream("gates"));
        assertThat(gates.form().places()).isEqualTo(Places.NONE);
        assertThat(gates.notChecked()).containsExactly("attributes: that no record leaves without one of them");
    }
}
