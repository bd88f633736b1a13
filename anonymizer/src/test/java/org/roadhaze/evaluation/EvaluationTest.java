// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole evaluation of chains whose every figure is plain, from files that state it. */
class EvaluationTest {
    static Stream<Path> cases() throws IOException {
        return Scenario.files("evaluation");
    }

    /** Lets every fix out as it is, under an id that a device has for so many minutes. */
    private static List<Published> raw(final List<Track> tracks, final long minutes) {
        final List<Published> records = new ArrayList<>();
        for (int device = 0; device < tracks.size(); device++) {
            final Track track = tracks.get(device);
            for (int i = 0; i < track.size(); i++) {
                final long period = Math.floorDiv(track.timeMs(i), minutes * 60_000);
                records.add(Published.exact(1 + device + tracks.size() * period, device, track, i));
            }
        }
        return records;
    }

    private static Function<List<Track>, List<Published>> chain(final Scenario scenario) {
        return switch (scenario.chain) {
            case "raw" -> tracks -> raw(tracks, scenario.chainNumber);
            case "nothing" -> tracks -> List.of();
            default -> throw new IllegalArgumentException("no chain " + scenario.chain);
        };
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldFindWhatTheFileWorksOutByHand(final Path file) throws IOException {
        final Scenario scenario = Scenario.read(file);
        final Evaluation evaluation =
                Evaluation.evaluate(scenario.tracks(), chain(scenario), Evaluation.Settings.DEFAULT);
        final Map<String, Double> found = new LinkedHashMap<>();
        found.put("uniqueness4", evaluation.uniqueness4().rate());
        found.put("reidentified", evaluation.reidentified().rate());
        found.put("reidentified.targets", (double) evaluation.reidentified().targets());
        found.put("reidentifiedAdaptive", evaluation.reidentifiedAdaptive().rate());
        found.put("reidentifiedByStops", evaluation.reidentifiedByStops().rate());
        found.put(
                "reidentifiedByStopsAdaptive",
                evaluation.reidentifiedByStopsAdaptive().rate());
        found.put("reidentifiedByMarkov", evaluation.reidentifiedByMarkov().rate());
        found.put(
                "reidentifiedByMarkovAdaptive",
                evaluation.reidentifiedByMarkovAdaptive().rate());
        found.put("reidentifiedByStops.targets", (double)
                evaluation.reidentifiedByStops().targets());
        found.put("reidentifiedByMarkov.targets", (double)
                evaluation.reidentifiedByMarkov().targets());
        found.put("trips.told", (double) evaluation.wholeTrips().told());
        found.put("trips.whole", (double) evaluation.wholeTrips().whole());
        found.put("stopF.chance", evaluation.stopsByChance().f());
        found.put("homeByChance", evaluation.homeByChance());
        found.put("aggregates.devices", (double) evaluation.aggregates().devices());
        found.put("tripLengthShift", evaluation.tripLengthShiftMetres());
        found.put("speedShift", evaluation.trafficSpeed().shiftKmh());
        found.put("chance", evaluation.reidentifiedByChance());
        found.put("relinkFull", evaluation.relinkFull().rate());
        found.put("relinkFull.chance", evaluation.relinkFull().chance());
        found.put("relinkFull.links", (double) evaluation.relinkFull().links());
        found.put("relinkFifth", evaluation.relinkFifth().rate());
        found.put("relinkFifth.chance", evaluation.relinkFifth().chance());
        found.put("relinkFifth.links", (double) evaluation.relinkFifth().links());
        found.put("stopF", evaluation.stops().f());
        found.put("stops", (double) evaluation.stops().truth());
        found.put("homes", (double) evaluation.home().metres().size());
        found.put("homeWithin250m", evaluation.home().within(250));
        found.put("published", evaluation.published());
        found.put("distortion.most", evaluation.spatialDistortionMetres().most());
        found.put(
                "displacement.most", evaluation.spatioTemporalDistortionMetres().most());
        found.put("areaCoverage", evaluation.areaCoverage());
        found.put("heatMapDivergence", evaluation.heatMapDivergence());
        found.put("rangeQueryError.most", evaluation.rangeQueryError().most());
        found.put("odError", evaluation.odError());
        found.put("delay.most", evaluation.delaySeconds().most());
        scenario.check(found);
    }

    /** Two runs of one seed agree in everything, and no metric depends on what was asked before. */
    @Test
    void shouldRepeatItselfWithTheSameSeed() throws IOException {
        for (final Path file : cases().toList()) {
            final Scenario scenario = Scenario.read(file);
            final Evaluation.Settings settings = new Evaluation.Settings(7, 0, 0, 900_000, Optional.empty());
            assertEquals(
                    Evaluation.evaluate(scenario.tracks(), chain(scenario), settings),
                    Evaluation.evaluate(scenario.tracks(), chain(scenario), settings));
        }
    }
}
