// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValidateCommandTest {
    private static final String CONFIG = """
            data: data
            ack: persisted
            listeners:
              - { protocol: teltonika, transport: tcp, address: 127.0.0.1:0 }
            policy: { version: v1 }
            streams:
              all:
                retention: 1d
                identity: none
                location: [ exact ]
            """;

    @TempDir
    private Path directory;

    private final CommandLineHarness roadhaze = new CommandLineHarness();

    @ParameterizedTest
    @ValueSource(strings = {"roadhaze.yaml", "acceptance.yaml"})
    void shouldAcceptWhatShips(final String name) {
        assertThat(roadhaze.run(
                        "validate", "--config", CommandLineHarness.shipped(name).toString()))
                .isEqualTo(Exit.OK);
        assertThat(roadhaze.err()).isEmpty();
    }

    @Test
    void shouldSayWhatLeavesByEachStream() {
        roadhaze.run(
                "validate",
                "--config",
                CommandLineHarness.shipped("roadhaze.yaml").toString());
        assertThat(roadhaze.out())
                .contains("stream traffic", "stream presence", "stream gates")
                .contains("H3 cell, resolution 9", "another one every 24h", "730 days", "watches 3 geofences");
    }

    @Test
    void shouldSayOfEveryStreamWhatTheOrderOfItsRecordsGivesAway() {
        roadhaze.run(
                "validate",
                "--config",
                CommandLineHarness.shipped("roadhaze.yaml").toString());
        assertThat(roadhaze.out().lines().filter(line -> line.startsWith("  order ")))
                .hasSize(3);
        for (final String stream : new String[] {"traffic", "presence", "gates"}) {
            assertThat(roadhaze.out().lines().filter(line -> line.startsWith("warning: ")))
                    .anyMatch(
                            line -> line.contains("streams." + stream + ".identity: whoever may read the stream can"));
        }
    }

    @Test
    void shouldSayWhatAJournalKeepsAndWhoCanReadIt() throws IOException {
        final String journal = "  evidence:\n    retention: 30d\n    journal: true\n";
        assertThat(validate(CONFIG + journal)).isEqualTo(Exit.OK);
        final String shown = roadhaze.out().substring(roadhaze.out().indexOf("stream evidence"));
        assertThat(shown)
                .contains("  leaves      nothing in the clear but when a frame was received")
                .contains("  readers     who holds the key-encryption key")
                .contains(
                        "  kept        30 days, then deleted, an hour at a time; the keys of a key epoch as long after its end");
        assertThat(validate(CONFIG + journal + "    identity: none\n")).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("roadhaze.yaml:14: streams.evidence.identity: found identity in a journal");
    }

    @Test
    void shouldSayWhatACrashCanLoseOfEveryStream() throws IOException {
        validate(CONFIG);
        assertThat(roadhaze.out())
                .contains("  crash       a killed process loses 0 s")
                .contains("about 30 s");
        validate(CONFIG.replace("ack: persisted", "ack: synced"));
        assertThat(roadhaze.out()).contains("  crash       a killed process or a power cut loses 0 s of what is");
        validate(CONFIG.replace("ack: persisted", "ack: received\nloss: accepted"));
        assertThat(roadhaze.out()).contains("  crash       a killed process loses the acknowledged records");
    }

    @Test
    void shouldTellEverythingThatIsWrongAtOnceWithItsPlace() throws IOException {
        final int code = validate(CONFIG.replace("teltonika", "teltonica")
                        .replace("retention: 1d", "retention: 1")
                        .replace("identity: none", "identity: nobody")
                + "geofence: [x.geojson]\n");
        assertThat(code).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err().lines().toList())
                .anyMatch(line -> line.contains("roadhaze.yaml:4: listeners[0].protocol: found teltonica, allowed"))
                .anyMatch(line -> line.contains("roadhaze.yaml:8: streams.all.retention: found 1, allowed"))
                .anyMatch(line -> line.contains("roadhaze.yaml:9: streams.all.identity: found nobody"))
                .anyMatch(line -> line.contains("roadhaze.yaml:11: geofence") && line.contains("geofences"));
        assertThat(roadhaze.out()).isEmpty();
    }

    @Test
    void shouldRefuseATransportThatTheProtocolDoesNotHave() throws IOException {
        assertThat(validate(CONFIG.replace("teltonika, transport: tcp", "gt06, transport: udp")))
                .isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("listeners[0].transport: found udp, allowed tcp");
    }

    @Test
    void shouldSayWhatTheDevicesOfAListenerAreSetTo() throws IOException {
        final String gt06 = CONFIG.replace("teltonika", "gt06");
        assertThat(validate(gt06.replace("127.0.0.1:0", "127.0.0.1:5023, time-zone: +08:00")))
                .isEqualTo(Exit.OK);
        assertThat(roadhaze.out())
                .contains("listens for gt06 over tcp on 127.0.0.1:5023, with devices set to UTC+08:00\n");
        assertThat(validate(gt06)).isEqualTo(Exit.OK);
        assertThat(roadhaze.out()).contains("with devices set to UTC\n");
        assertThat(validate(CONFIG)).isEqualTo(Exit.OK);
        assertThat(roadhaze.out()).doesNotContain("with devices set to");
    }

    @Test
    void shouldRefuseATimeZoneThatIsNoneOrThatTheProtocolDoesNotHave() throws IOException {
        final String zoned = CONFIG.replace("127.0.0.1:0", "127.0.0.1:0, time-zone: +08:00");
        assertThat(validate(zoned)).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err())
                .contains(
                        "roadhaze.yaml:4: listeners[0].time-zone: found +08:00, allowed nothing: the times of teltonika"
                                + " are UTC");
        assertThat(validate(zoned.replace("teltonika", "gt06").replace("+08:00", "Asia/Shanghai")))
                .isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err())
                .contains("roadhaze.yaml:4: listeners[0].time-zone: found Asia/Shanghai, allowed an offset from UTC of"
                        + " -18:00 to +18:00, such as +08:00");
    }

    @Test
    void shouldNameAFenceFileThatCannotBeUsed() throws IOException {
        Files.writeString(directory.resolve("bad.geojson"), "{\"type\":\"Feature\"");
        Files.copy(CommandLineHarness.shipped("geofences.geojson"), directory.resolve("good.geojson"));
        assertThat(validate(CONFIG + "geofences:\n  - good.geojson\n  - none.geojson\n"))
                .isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err())
                .contains("roadhaze.yaml:13: geofences[1]: " + directory.resolve("none.geojson") + ": no such file");
        assertThat(validate(CONFIG + "geofences: [bad.geojson]\n")).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err())
                .contains("roadhaze.yaml:11: geofences[0]: " + directory.resolve("bad.geojson") + ": line 1: not JSON");
    }

    @Test
    void shouldNameAConfigurationThatIsNotThere() {
        assertThat(roadhaze.run(
                        "validate", "--config", directory.resolve("none.yaml").toString()))
                .isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("none.yaml");
    }

    private int validate(final String yaml) throws IOException {
        final Path file = directory.resolve("roadhaze.yaml");
        Files.writeString(file, yaml);
        return roadhaze.run("validate", "--config", file.toString());
    }
}
