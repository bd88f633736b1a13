// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.position.Attribute;
import org.roadhaze.stream.ReleaseLayout;
import org.roadhaze.stream.StreamWriter;

class TailCommandTest {
    @TempDir
    private Path data;

    private final CommandLineHarness roadhaze = new CommandLineHarness();

    @Test
    void shouldPrintRecordsAsJsonWithOnlyWhatTheyHave() {
        write(2);
        assertThat(tail()).isEqualTo(Exit.OK);
        assertThat(roadhaze.out().lines())
                .containsExactly(
                        "{\"id\":\"00000000000000ff\",\"time\":\"2026-11-24T00:00:00Z\",\"latitude\":-0.0000001,"
                                + "\"longitude\":13,\"policy\":\"v1\",\"speed\":57.0,\"ignition\":true}",
                        "{\"time\":\"2026-11-24T00:00:01Z\",\"cell\":\"891f984038fffff\",\"policy\":\"v1\"}");
    }

    @Test
    void shouldPrintRecordsAsCsvWithAHeadLine() {
        write(2);
        assertThat(tail("--format", "csv")).isEqualTo(Exit.OK);
        assertThat(roadhaze.out().lines())
                .containsExactly(
                        "id,time,latitude,longitude,cell,policy,attributes",
                        "00000000000000ff,2026-11-24T00:00:00Z,-0.0000001,13,,v1,speed=57.0 ignition=true",
                        ",2026-11-24T00:00:01Z,,,891f984038fffff,v1,");
    }

    @Test
    void shouldEndAfterTheCountAndBeginAtTheEnd() {
        write(2);
        tail("--count", "1");
        assertThat(roadhaze.out().lines()).hasSize(1);
        tail("--from", "end");
        assertThat(roadhaze.out()).isEmpty();
    }

    @Test
    void shouldSayHowFarItIsBehind() {
        write(3);
        assertThat(tail("--count", "0", "--lag", "1h")).isEqualTo(Exit.OK);
        assertThat(roadhaze.err()).contains("roadhaze: stream traffic: documents behind: 1; seconds behind: ");
        assertThat(tail("--lag", "1h")).isEqualTo(Exit.OK);
        assertThat(roadhaze.out().lines()).hasSize(3);
        assertThat(roadhaze.err()).contains("roadhaze: stream traffic: documents behind: 0; seconds behind: 0 at most");
        assertThat(tail("--from", "end", "--lag", "1h")).isEqualTo(Exit.OK);
        assertThat(roadhaze.err()).contains("documents behind: 0;");
        assertThat(tail("--lag", "often")).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("'--lag'", "found 'often', allowed a number above 0 with its unit");
    }

    @Test
    void shouldSayAgainAndAgainHowFarItIsBehindWhileItFollows() {
        write(1);
        final CompletableFuture<Integer> exit =
                CompletableFuture.supplyAsync(() -> tail("--follow", "--count", "2", "--lag", "10ms"));
        await().until(() -> roadhaze.err()
                        .lines()
                        .filter(line -> line.contains("documents behind: 0;"))
                        .count()
                > 1);
        write(1);
        assertThat(exit.orTimeout(30, TimeUnit.SECONDS).join()).isEqualTo(Exit.OK);
    }

    @Test
    void shouldNameTheStreamsThatThereAre() {
        write(1);
        assertThat(roadhaze.run("tail", "--stream", "trafic", "--data", data.toString()))
                .isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("--stream: found 'trafic'").contains("traffic");
        assertThat(roadhaze.run(
                        "tail",
                        "--stream",
                        "traffic",
                        "--data",
                        data.resolve("x").toString()))
                .isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("there are no streams under");
        assertThat(tail("--count", "-1")).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("--count: found -1");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "../streams/traffic", "", "traffic/", "Traffic"})
    void shouldTakeNothingButNamesOfStreams(final String name) {
        write(1);
        for (final String more : new String[] {"--count=1", "--follow"}) {
            assertThat(roadhaze.run("tail", "--stream", name, "--data", data.toString(), more))
                    .isEqualTo(Exit.USAGE);
            assertThat(roadhaze.out()).isEmpty();
            assertThat(roadhaze.err()).contains("--stream: found '" + name + "'");
        }
    }

    @Test
    void shouldFindTheDataDirectoryInTheConfiguration() throws IOException {
        write(1);
        final Path config = Files.writeString(data.resolve("roadhaze.yaml"), """
                data: .
                listeners: [{ protocol: gt06, transport: tcp, address: 127.0.0.1:0 }]
                policy: { version: v1 }
                streams: { traffic: { retention: 1d, identity: none, time: exact } }
                """);
        assertThat(roadhaze.run("tail", "--stream", "traffic", "--config", config.toString()))
                .isEqualTo(Exit.OK);
        assertThat(roadhaze.out().lines()).hasSize(1);
        assertThat(tail("--config", config.toString())).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("--data and --config: found both");
    }

    @Test
    void shouldWaitForAStreamThatIsNotThereYet() throws Exception {
        final CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(() -> tail("--follow", "--count", "1"));
        await().until(() -> roadhaze.err().contains("waiting for stream 'traffic'"));
        assertThat(exit).isNotDone();
        write(1);
        assertThat(exit.get(30, TimeUnit.SECONDS)).isEqualTo(Exit.OK);
        assertThat(roadhaze.out().lines()).hasSize(1);
    }

    @Test
    void shouldRefuseAnEmptyPath() {
        assertThat(roadhaze.run("tail", "--stream", "traffic", "--data", "")).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("'--data'", "found an empty path");
    }

    private int tail(final String... more) {
        final String[] arguments = new String[5 + more.length];
        arguments[0] = "tail";
        arguments[1] = "--stream";
        arguments[2] = "traffic";
        arguments[3] = "--data";
        arguments[4] = data.toString();
        System.arraycopy(more, 0, arguments, 5, more.length);
        return roadhaze.run(arguments);
    }

    /** One record with nearly everything, then records with a cell. */
    private void write(final int records) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
        final Release release = new Release();
        try (StreamWriter writer = new StreamWriter(data, "traffic", "v1", 1, SystemEpochClock.INSTANCE)) {
            for (int i = 0; i < records; i++) {
                release.clear();
                release.timeMs(1_795_478_400_000L + 1000L * i);
                if (i == 0) {
                    release.pseudonym(255);
                    release.coordinates(-1, 130_000_000);
                    release.attribute(Attribute.SPEED.key(), 5700);
                    release.attribute(Attribute.IGNITION.key(), 1);
                } else {
                    release.cell(0x891f984038fffffL);
                }
                ReleaseLayout.putRecord(buffer, 0, release);
                writer.append(buffer, 0, ReleaseLayout.recordLength(release), 1);
            }
            writer.flush();
        }
    }
}
