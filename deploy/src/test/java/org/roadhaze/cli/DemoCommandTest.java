// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.IoUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class DemoCommandTest {
    private static final String CONFIG =
            CommandLineHarness.shipped("roadhaze.yaml").toString();

    @TempDir
    private Path directory;

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
            assertThat(seen).isEqualTo(acknowledged);
        }
    }

    @Test
    void shouldShowTheSameRecordOfEachProtocolAsItCameAndAsItLeft() {
        demo("roadhaze.yaml", "--duration", "1s", "--devices", "9");
        assertThat(roadhaze.out())
                .contains("records/s", "acknowledged", "published", "ack p50")
                .contains("as a teltonika tracker sent it", "as a gt06 tracker sent it")
                .contains("kept back: sensitive-zone");
        for (final String protocol : new String[] {"teltonika", "gt06"}) {
            final String table = table(protocol);
            assertThat(table).containsPattern("\n +published +published +published\n");
            assertThat(table).containsPattern("latitude +45\\.07453\\d+ +- +- +-");
            assertThat(table).containsPattern("speed +47 km/h +47\\.0 +- +-");
            assertThat(table).containsPattern("course +117 deg +112\\.5 +- +-");
        }
        assertThat(table("teltonika")).containsPattern("odometer +182345671 m +- +- +-");
    }

    @Test
    void shouldSayWhyAStreamHasNothingOfTheRecord() throws IOException {
        final Path config = directory.resolve("gt06.yaml");
        Files.writeString(config, """
                data: data
                listeners:
                  - { protocol: gt06, transport: tcp, address: 127.0.0.1:0 }
                policy: { version: 1 }
                streams:
                  all:
                    retention: 1d
                    identity: none
                    location: [ exact ]
                    attributes: { keep: [speed] }
                  alarms:
                    retention: 1d
                    identity: none
                    time: exact
                    attributes: { keep: [alarm], require: any }
                """);
        demo(config.toString(), "--duration", "1s", "--devices", "1", "--rate", "max");
        assertThat(table("gt06"))
                .containsPattern("latitude +45\\.0745311 +45\\.0745311 +-\n")
                .containsPattern("\n +published +kept back: no-kept-attribute\n")
                .containsPattern("longitude +7\\.6823456 +7\\.6823456 +-\n")
                .doesNotContain("odometer");
    }

    @ParameterizedTest
    @CsvSource({"1, 50/s", "4, max", "10, 2/s"})
    @SuppressWarnings("unchecked") // a JSON object is a map
    void shouldSendFromAsManyDevicesAsItWasAskedFor(final int devices, final String rate) {
        assertThat(roadhaze.run(
                        "demo",
                        "--config",
                        CONFIG,
                        "--duration",
                        "2s",
                        "--devices",
                        "" + devices,
                        "--rate",
                        rate,
                        "--json"))
                .isEqualTo(Exit.OK);
        final Map<String, Object> summary =
                (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromString(roadhaze.lastLine());
        assertThat(summary).containsEntry("devices", devices);
        if (rate.equals("max")) {
            assertThat((Integer) summary.get("recordsAcknowledged")).isGreaterThan(500);
        }
    }

    private void demo(final String config, final String... more) {
        final List<String> arguments = new ArrayList<>(List.of("demo", "--config"));
        arguments.add(config.endsWith("roadhaze.yaml") ? CONFIG : config);
        arguments.addAll(List.of(more));
        assertThat(roadhaze.run(arguments.toArray(new String[0]))).isEqualTo(Exit.OK);
        final Matcher data = Pattern.compile("forget it all: +rm -r (\\S+)").matcher(roadhaze.out());
        assertThat(data.find()).isTrue();
        IoUtil.delete(Path.of(data.group(1)).toFile(), false);
    }

    private String table(final String protocol) {
        final String from = roadhaze.out().substring(roadhaze.out().indexOf("as a " + protocol));
        return from.substring(0, from.indexOf("\n\n"));
    }

    @Test
    void shouldRefuseANumberOfDevicesThatCannotBe() {
        assertThat(roadhaze.run("demo", "--devices", "0")).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("--devices: found 0, allowed 1 to 10000");
    }
}
