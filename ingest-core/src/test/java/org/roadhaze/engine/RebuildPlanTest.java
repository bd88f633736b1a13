// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.anonymizer.policy.StreamPolicy;
import org.roadhaze.config.ConfigException;
import org.roadhaze.resend.RebuiltStreams;
import org.roadhaze.resend.ResendOptions;
import org.roadhaze.ring.AckLevel;

/** What is said of a crash is what a start does. */
class RebuildPlanTest {
    private static final String HEAD = """
            data: data
            engine: { workers: 1 }
            listeners:
              - { protocol: gt06, transport: tcp, address: 127.0.0.1:0 }
            policy: { version: test }
            """;

    private static final String JOURNAL = "streams:\n  evidence: { retention: 30d, journal: true }\n";

    private static final String TRIPS = """
              trips:
                retention: 1d
                identity: { pseudonym: keyed, rotate: 24h }
                location: [ reorder: { late: 30s }, trip-ends: {}, cell: { h3: 10 } ]
                time: { round: 15s }
            """;

    @TempDir
    private Path directory;

    private EngineOptions read(final String yaml) throws IOException {
        return EngineConfig.read(Files.writeString(directory.resolve("engine.yaml"), HEAD + yaml));
    }

    private static String loss(final EngineOptions options, final String stream) {
        return RebuildPlan.of(options).loss(AckLevel.SYNCED, options.policy().stream(stream));
    }

    @Test
    void shouldRebuildFromTheJournal() throws IOException {
        final EngineOptions options = read(JOURNAL + TRIPS);
        assertThat(loss(options, "trips"))
                .isEqualTo(
                        "a killed process or a power cut loses 0 s of what is acknowledged; what the stream's mechanisms"
                                + " hold back, up to 1831s of it, is rebuilt at the next start from the last 6903s of evidence"
                                + " as far as resends.across-starts, 2,000,000 records, reaches, but what was due while no engine ran and whose key ended meanwhile");
        assertThat(RebuildPlan.of(options).streams().streams()).containsExactly("trips");
        assertThat(RebuildPlan.of(options).journal()).isEqualTo("evidence");
    }

    /** Three times what is held, what trips need to know, and what the cuts do. */
    @Test
    void shouldRebuildTrafficAsItIsShippedFromTheJournal() throws IOException {
        final Path config = Path.of(System.getProperty("roadhaze.root"), "deploy", "config");
        final String shipped = Files.readString(config.resolve("policies").resolve("traffic.yaml"));
        final String stream = shipped.substring(shipped.indexOf("  traffic:\n"))
                .replace(
                        "../sensitive.geojson",
                        config.resolve("sensitive.geojson").toString());
        final EngineOptions options = read(JOURNAL + stream);
        assertThat(loss(options, "traffic"))
                .contains("up to 1831s of it, is rebuilt at the next start from the last 9903s of evidence");
        assertThat(loss(read("streams:\n" + stream), "traffic")).contains("it is not rebuilt: no stream of the policy");
    }

    @Test
    void shouldSayThatNothingIsRebuiltWithoutAJournal() throws IOException {
        final EngineOptions options = read("streams:\n" + TRIPS);
        assertThat(loss(options, "trips"))
                .endsWith(
                        "any stop loses what the stream's mechanisms hold back, up to 1831s of it; it is not rebuilt: no"
                                + " stream of the policy is a journal (journal: true)");
        assertThat(RebuildPlan.of(options).streams()).isEqualTo(RebuiltStreams.NONE);
    }

    @Test
    void shouldSayThatNothingIsRebuiltByWhoRemembersNothing() throws IOException {
        final EngineOptions off = read("resends: { remember: 0 }\n" + JOURNAL + TRIPS);
        assertThat(loss(off, "trips")).endsWith("it is not rebuilt: no start knows what was sent before it (resends)");
        final EngineOptions usual = read(JOURNAL + TRIPS);
        final EngineOptions acrossNone = new EngineOptions(
                usual.data(),
                usual.listeners(),
                usual.eventLoops(),
                usual.ring(),
                usual.maxDevices(),
                usual.geofences(),
                usual.route(),
                usual.limits(),
                usual.quarantine(),
                new ResendOptions(512, 0),
                usual.disk(),
                usual.journal(),
                usual.policy());
        assertThat(loss(acrossNone, "trips"))
                .endsWith("it is not rebuilt: no start knows what was sent before it (resends)");
        assertThat(RebuildPlan.of(acrossNone).journal()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "reorder: {}, learned-zones: {}, cell: { h3: 10 } | round: 15s | speed | what learned-zones lets out",
                "reorder: {}, laplace: { epsilon: 0.01/m, report: 10m, budget: { day: 1/m } }"
                        + " | round: 15s | speed | what laplace lets out",
                "reorder: {}, cell: { h3: 10 } | round: 15s | onTrip | onTrip depends on what came long before",
                "reorder: {}, cell: { h3: 10 } |  | speed | its records have no time"
            })
    void shouldSayWhatCannotBeRebuilt(
            final String location, final String time, final String attribute, final String expected)
            throws IOException {
        final String stream = "  s:\n    retention: 1d\n    identity: none\n    location: [ " + location + " ]\n"
                + (time == null ? "" : "    time: { " + time + " }\n") + "    attributes: { keep: [ " + attribute
                + " ] }\n";
        assertThat(loss(read(JOURNAL + stream), "s")).contains("it is not rebuilt: " + expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none | reorder: {}, split-and-gap: {} | round: 15s | leaves under no number",
                "{ pseudonym: per-segment } | trip-ends: {}, split-and-gap: {} | round: 15s | without reorder",
                "{ pseudonym: per-segment } | reorder: {}, split-and-gap: {} | round: 15s, shuffle: {}"
                        + " | what is held behind split-and-gap",
                "{ pseudonym: per-segment } | reorder: {}, split-and-gap: { gap: 24h } | round: 15s | and keys live for 24h"
            })
    void shouldSayWhereWhatLeftDoesNotShowTheCuts(
            final String identity, final String location, final String time, final String expected) throws IOException {
        final String stream = "  s:\n    retention: 2d\n    identity: " + identity + "\n    location: [ " + location
                + ", cell: { h3: 9 } ]\n    time: { " + time + " }\n";
        assertThat(loss(read(JOURNAL + stream), "s"))
                .contains("it is not rebuilt: ")
                .contains(expected);
    }

    @Test
    void shouldSayNothingOfWhatHoldsNothing() throws IOException {
        final EngineOptions options = read(JOURNAL + "  s: { retention: 1d, identity: none, location: [ exact ] }\n");
        final StreamPolicy stream = options.policy().stream("s");
        assertThat(loss(options, "s")).isEqualTo(AckLevel.SYNCED.loss(stream.holdsBack()));
        assertThat(RebuildPlan.of(options).journal()).isNull();
    }

    @Test
    void shouldRefuseAJournalThatIsDeletedBeforeWhatItRebuildsHasLeft() {
        final String late = TRIPS.replace("trip-ends: {}", "trip-ends: { longest-wait: 5h }");
        assertThatThrownBy(() -> read(JOURNAL.replace("30d", "5h") + late))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "streams.evidence.retention: found 5h, allowed at least 55503s: what stream trips holds"
                                + " back is rebuilt from so much of evidence when the engine starts");
    }

    @Test
    void shouldRefuseAStreamThatIsDeletedBeforeWhatItHeldIsToldFromWhatLeft() {
        final String late = TRIPS.replace("retention: 1d", "retention: 1h");
        assertThatThrownBy(() -> read(JOURNAL + late))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("streams.trips.retention: found 1h, allowed at least 6903s: what it holds back is"
                        + " rebuilt from evidence when the engine starts");
    }
}
