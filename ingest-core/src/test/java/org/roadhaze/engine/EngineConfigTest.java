// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.config.ConfigException;
import org.roadhaze.listener.QuarantineOptions;
import org.roadhaze.resend.ResendOptions;
import org.roadhaze.stream.DisclosureFiles;

class EngineConfigTest {
    private static final String GATES = """
            data: data
            ack: persisted
            listeners:
              - { protocol: teltonika, transport: tcp, address: 127.0.0.1:0 }
            policy: { version: v1 }
            streams:
              gates:
                retention: 1d
                identity: none
                time: { round: 1min }
                attributes: { keep: [geofenceEnter, geofenceExit], require: any }
            """;

    @TempDir
    private Path directory;

    private EngineOptions read(final String yaml) throws IOException {
        return EngineConfig.read(Files.writeString(directory.resolve("roadhaze.yaml"), yaml));
    }

    @Test
    void shouldRefuseAStreamThatOnlyAFenceCouldLetOutWhereThereIsNone() {
        final String allowed = "allowed a GeoJSON file or more: by stream gates no record leaves without a geofence"
                + " that it enters or leaves";

        assertThatThrownBy(() -> read(GATES))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("roadhaze.yaml:1: geofences: found nothing, " + allowed);
        assertThatThrownBy(() -> read(GATES + "geofences: []\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("roadhaze.yaml:12: geofences: found no file, " + allowed);
    }

    @Test
    void shouldAcceptSuchAStreamWithAFence() throws IOException {
        Files.writeString(directory.resolve("depots.geojson"), """
                {"type":"Feature","properties":{"radius":300},"geometry":{"type":"Point","coordinates":[13,52]}}
                """);

        assertThat(read(GATES + "geofences: [depots.geojson]\n").geofences().size())
                .isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "{ keep: [geofenceEnter, ignition], require: any }",
                "{ keep: [geofenceEnter] }",
                "{ keep: [tripStart, tripEnd], require: any }"
            })
    void shouldAcceptWithoutAFenceWhatLeavesWithoutOne(final String attributes) throws IOException {
        assertThat(read(GATES.replace("{ keep: [geofenceEnter, geofenceExit], require: any }", attributes))
                        .policy()
                        .streams())
                .hasSize(1);
    }

    @Test
    void shouldMixTheRecordsOfAllDevicesInOneWorker() throws IOException {
        final String mixed = GATES.replace("{ round: 1min }", "{ round: 1min, shuffle: {} }")
                .replace("{ keep: [geofenceEnter, geofenceExit], require: any }", "{ keep: [ignition] }");
        assertThat(read(mixed).ring().workers()).isEqualTo(1);
        assertThatThrownBy(() -> read(mixed + "engine: { workers: 2 }\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("engine.workers: found 2, and a stream, gates, that counts devices or mixes their"
                        + " records, allowed 1: no worker may see a part of the fleet alone");
    }

    /** 192 bytes of each device that finds a place, and a third more places, for two days at midnight. */
    @Test
    void shouldTakeNoMoreDevicesThanItsAccountsHaveMemoryFor() throws IOException {
        final String fenceless =
                GATES.replace("{ keep: [geofenceEnter, geofenceExit], require: any }", "{ keep: [ignition] }");
        final long half = Runtime.getRuntime().maxMemory() / 2;
        final int most = 10_000_000;
        assertThat(DisclosureFiles.memoryBytes(most)).isGreaterThan(half);
        assertThatThrownBy(() -> read(fenceless + "engine: { max-devices: " + most + " }\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("engine.max-devices: found 10000000, for which the accounts of ")
                .hasMessageContaining(
                        "allowed what fits, beside the ring, into half of what this machine's JVM may use");
        final int ofDefault = read(fenceless).maxDevices();
        assertThat(DisclosureFiles.memoryBytes(ofDefault)).isLessThan(half);
        assertThat(read(fenceless + "engine: { max-devices: " + ofDefault + " }\n")
                        .maxDevices())
                .isEqualTo(ofDefault);
        assertThat(read(fenceless + "engine: { workers: 16, max-devices: 1000 }\n")
                        .maxDevices())
                .isEqualTo(1000);
        assertThat(read(fenceless + "engine: { workers: 16 }\n").maxDevices()).isLessThan(ofDefault);
    }

    @Test
    void shouldReadHowMuchIsRememberedOfWhatIsSentAgain() throws IOException {
        final String fenceless =
                GATES.replace("{ keep: [geofenceEnter, geofenceExit], require: any }", "{ keep: [ignition] }");
        assertThat(read(fenceless).resends()).isEqualTo(ResendOptions.DEFAULT);
        assertThat(read(fenceless + "resends: { remember: 64, across-starts: 1000 }\n")
                        .resends())
                .isEqualTo(new ResendOptions(64, 1000));
        assertThat(read(fenceless + "resends: { remember: 0 }\n").resends().isOn())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ remember: 100 } | resends.remember: found 100, allowed 0, or a power of two from 16 to 16384",
                "{ remember: 8 } | resends.remember: found 8, allowed 0, or a power of two from 16 to 16384",
                "{ remember: 0, across-starts: 10 } | resends.across-starts: found what a start knows, with remember: 0",
                "{ remembr: 64 } | resends.remembr"
            })
    void shouldRefuseWhatCannotBeRemembered(final String resends, final String message) {
        assertThatThrownBy(() -> read(GATES + "resends: " + resends + "\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void shouldReadWhenASenderOfPoisonIsRefused() throws IOException {
        final String fenceless =
                GATES.replace("{ keep: [geofenceEnter, geofenceExit], require: any }", "{ keep: [ignition] }");
        assertThat(read(fenceless).quarantine()).isEqualTo(QuarantineOptions.DEFAULT);
        assertThat(read(fenceless + "quarantine: { wrong-sums: 2, offences: 0, offences-per-address: 7, within: 1h,"
                                + " refuse: 10s }\n")
                        .quarantine())
                .isEqualTo(new QuarantineOptions(2, 0, 7, Duration.ofHours(1), Duration.ofSeconds(10)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ wrong-sums: 0 } | quarantine.wrong-sums: found 0, allowed 1 to 1000",
                "{ offences: 101 } | quarantine.offences: found 101, allowed 0 to 100",
                "{ offences-per-address: -1 } | quarantine.offences-per-address: found -1, allowed 0 to 100",
                "{ within: 2d } | quarantine.within: found 2d",
                "{ refuse: 0s } | quarantine.refuse: found 0s",
                "{ offence: 3 } | quarantine.offence"
            })
    void shouldRefuseAQuarantineThatCannotBe(final String quarantine, final String message) {
        assertThatThrownBy(() -> read(GATES + "quarantine: " + quarantine + "\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }
}
