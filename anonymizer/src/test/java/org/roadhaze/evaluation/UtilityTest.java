// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every figure of utility against files that state it. */
class UtilityTest {
    static Stream<Path> cases() throws IOException {
        return Scenario.files("utility");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldMeasureWhatTheFileWorksOutByHand(final Path file) throws IOException {
        final Scenario scenario = Scenario.read(file);
        final List<Track> tracks = scenario.tracks();
        final Map<String, Double> found = new LinkedHashMap<>();
        found.put("share", Utility.share(tracks, scenario.records));
        final List<Double> byDevice = Utility.shareByDevice(tracks, scenario.records);
        for (int device = 0; device < byDevice.size(); device++) {
            found.put("share." + tracks.get(device).name(), byDevice.get(device));
        }
        put(found, "distortion", Utility.spatialDistortionMetres(tracks, scenario.records));
        put(found, "displacement", Utility.spatioTemporalDistortionMetres(tracks, scenario.records));
        found.put("coverage", MapUtility.areaCoverage(tracks, scenario.records, 1000));
        found.put("divergence", MapUtility.heatMapDivergence(tracks, scenario.records, 1000));
        found.put("od", MapUtility.odError(tracks, scenario.records, 1000));
        put(found, "range", MapUtility.rangeQueryError(tracks, scenario.records, 20, 1));
        final TrafficSpeed speed = TrafficSpeed.of(tracks, scenario.records, 1);
        put(found, "speed", speed.error());
        found.put("speed.covered", speed.covered());
        found.put("speed.cells", (double) speed.cells());
        found.put("speed.shift", speed.shiftKmh());
        found.put("trips", Utility.tripLengthShiftMetres(tracks, scenario.records));
        final List<Double> byDensity = Density.publishedByDecile(tracks, scenario.records);
        for (int part = 0; part < byDensity.size(); part++) {
            found.put("density." + (part + 1), byDensity.get(part));
        }
        put(found, "delay", Utility.delaySeconds(scenario.records));
        Utility.cellSides(scenario.records).forEach((side, count) -> found.put("sides." + side, (double) count));
        scenario.check(found);
    }

    private static void put(final Map<String, Double> found, final String name, final Utility.Spread spread) {
        found.put(name + ".mean", spread.mean());
        found.put(name + ".p50", spread.p50());
        found.put(name + ".p95", spread.p95());
        found.put(name + ".p99", spread.p99());
        found.put(name + ".most", spread.most());
    }
}
