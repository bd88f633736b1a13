// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.IoUtil;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class DemoCommandTest {
    private static final String CONFIG =
            CommandLineHarness.shipped("roadhaze.yaml").toString();

    private final CommandLineHarness roadhaze = new CommandLineHarness();

    @Test
    @SuppressWarnings("unchecked") // a JSON object is a map
    void shouldEndWithOneJsonObjectWhoseBooksClose() {
        assertThat(roadhaze.run("demo", "--config", CONFIG, "--duration", "2s", "--devices", "9", "--json"))
                .isEqualTo(Exit.OK);
        final Map<String, Object> summary =
                (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromString(roadhaze.lastLine());
        assertThat(summary)
                .containsKeys("devices", "framesSent", "recordsSent", "recordsAcknowledged", "recordsPerSecond")
                .containsKeys("ackLatencyMicros", "streams");
        final int acknowledged = (Integer) summary.get("recordsAcknowledged");
        assertThat(acknowledged).isGreaterThan(1000).isEqualTo(summary.get("recordsSent"));
        final Map<String, Map<String, Object>> streams = (Map<String, Map<String, Object>>) summary.get("streams");
        assertThat(streams).containsOnlyKeys("traffic", "presence", "gates");
        for (final Map<String, Object> stream : streams.values()) {
            int seen = (Integer) stream.get("published");
            for (final Object suppressed : ((Map<String, Object>) stream.get("suppressed")).values()) {
                seen += (Integer) suppressed;
            }
            // Besides the fleet's records, the one that is shown side by side.
            assertThat(seen).isEqualTo(acknowledged + 1);
        }
    }

    @Test
    void shouldShowOneRecordAsItCameAndAsItLeft() {
        assertThat(roadhaze.run("demo", "--config", CONFIG, "--duration", "1s", "--devices", "9"))
                .isEqualTo(Exit.OK);
        assertThat(roadhaze.out())
                .contains("records/s", "acknowledged", "published", "ack p50")
                .containsPattern("latitude +45\\.0745312 +- +- +-")
                .containsPattern("odometer +182345671 m +- +- +-")
                .containsPattern("speed +47 km/h +47\\.0 +- +-")
                .contains("kept back: sensitive-zone");
        final Matcher directory = Pattern.compile("writes to (\\S+)").matcher(roadhaze.out());
        assertThat(directory.find()).isTrue();
        IoUtil.delete(Path.of(directory.group(1)).toFile(), false);
    }

    @Test
    void shouldRefuseANumberOfDevicesThatCannotBe() {
        assertThat(roadhaze.run("demo", "--devices", "0")).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("--devices: found 0, allowed 1 to 10000");
    }
}
