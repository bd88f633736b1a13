// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.engine.Engine;
import org.roadhaze.engine.EngineConfig;
import org.roadhaze.simulator.FleetSimulator;
import org.roadhaze.simulator.SimulatorOptions;
import org.roadhaze.simulator.SimulatorSummary;

/**
 * A fleet drives into an engine over real sockets; then what left is held to the policy, to a stricter one, and to a truth that
 * is none.
 */
@Timeout(120)
class VerifyCommandTest {
    private static final String CONFIG = """
        data: data
        ack: persisted
        listeners: [{ protocol: teltonika, transport: tcp, address: 127.0.0.1:0 }]
        """;

    private static final String TRIPS = """
        policy: { version: trips-1 }
        streams:
          trips:
            retention: 1d
            identity: { pseudonym: keyed, rotate: 5min }
            location:
              - trip-ends: { trim: 500m }
              - cell: { h3: 10, publish: both }
            time: { round: 15s }
            attributes: { keep: [{ speed: { bucket: 5 } }] }
        """;

    private static final String CROWD = """
        policy: { version: crowd-1 }
        streams:
          crowd:
            retention: 1d
            identity: none
            location:
              - crowd: { k: 3, window: 2s, late: 1s, publish: both }
            time: { round: 2s }
        """;

    @TempDir
    private Path files;

    private final CommandLineHarness roadhaze = new CommandLineHarness();

    /** Four vehicles on parallel roads 300 m apart: half an hour's drive with a stop of five minutes in the middle. */
    private Path trace() throws IOException {
        final long startS = System.currentTimeMillis() / 1000 / 300 * 300 - 3600;
        final StringBuilder rows = new StringBuilder("device,time,latitude,longitude,speed\n");
        for (int second = 0; second <= 1800; second += 5) {
            final boolean stands = second >= 750 && second < 1050;
            final double north = 15.0 * (second < 750 ? second : stands ? 750 : second - 300);
            for (int device = 0; device < 4; device++) {
                rows.append(String.format(
                        Locale.ROOT,
                        "d%d,%d,%.7f,%.7f,%d%n",
                        device,
                        startS + second,
                        45.05 + north / 111_195,
                        7.6 + 0.0038 * device,
                        stands ? 0 : 54));
            }
        }
        return Files.writeString(files.resolve("trace.csv"), rows);
    }

    private Path config(final String policy) throws IOException {
        return Files.writeString(files.resolve("engine.yaml"), CONFIG + policy);
    }

    private Path policy(final String policy) throws IOException {
        return Files.writeString(files.resolve("policy.yaml"), policy);
    }

    private Path ledger() {
        return files.resolve("fleet.ledger");
    }

    private void drive(final String policy, final SimulatorOptions options) throws IOException, InterruptedException {
        try (Engine engine = Engine.start(EngineConfig.read(config(policy)))) {
            try (FleetSimulator fleet = FleetSimulator.start(options.protocol("teltonika")
                    .target(engine.listening().get(0).address())
                    .ledger(ledger()))) {
                final SimulatorSummary summary = fleet.await();
                assertThat(summary.isComplete())
                        .as("%s %s", summary.failure(), summary.toJson())
                        .isTrue();
            }
        }
    }

    private int verify(final Path truth, final Path policy, final String... more) {
        final List<String> arguments = new ArrayList<>(List.of(
                "verify",
                "--stream",
                "trips",
                "--ledger",
                truth.toString(),
                "--policy",
                policy.toString(),
                "--data",
                files.resolve("data").toString()));
        arguments.addAll(List.of(more));
        return roadhaze.run(arguments.toArray(new String[0]));
    }

    @Test
    void shouldHoldTheTripsOfARealEngineToTheirPolicyAndToStricterOnes() throws IOException, InterruptedException {
        drive(TRIPS, new SimulatorOptions().trace(trace()).recordsPerFrame(10));

        assertThat(verify(ledger(), policy(TRIPS))).as("%s", roadhaze.out()).isEqualTo(Exit.OK);
        assertThat(roadhaze.lastLine()).isEqualTo("all 8 promises kept");
        assertThat(roadhaze.out())
                .startsWith("stream trips, policy trips-1: ")
                .contains(" records against 1,444 fixes of 4 devices")
                .contains(
                        "  kept    stop-distance   every record is at least 500.0 driven metres from every stop (180 s"
                                + " within 100.0 m, or an end of the trip): ");
        assertThat(roadhaze.run(
                        "verify",
                        "--stream",
                        "trips",
                        "--ledger",
                        files.resolve("trace.csv").toString(),
                        "--config",
                        files.resolve("engine.yaml").toString()))
                .as("the trace itself, and the engine's own configuration")
                .isEqualTo(Exit.OK);

        assertBroken(TRIPS.replace("trim: 500m", "trim: 600m"), "stop-distance");
        assertBroken(TRIPS.replace("round: 15s", "round: 1min"), "time-step");
        assertBroken(TRIPS.replace("h3: 10", "h3: 9"), "place");
        assertBroken(TRIPS.replace("rotate: 5min", "rotate: 3min"), "id-epoch");
        assertBroken(TRIPS.replace("bucket: 5", "bucket: 20"), "attribute-step");
        assertBroken(TRIPS.replace("{ speed: { bucket: 5 } }", "course"), "attribute");
        assertBroken(TRIPS.replace("{ pseudonym: keyed, rotate: 5min }", "none"), "attribute");
    }

    private void assertBroken(final String stricter, final String promise) throws IOException {
        assertThat(verify(ledger(), policy(stricter))).as(promise).isEqualTo(Exit.FAILED);
        assertThat(roadhaze.out())
                .contains("  broken  " + promise + " ")
                .containsPattern("index [0-9a-f]+, record [0-9]+: ");
        assertThat(roadhaze.lastLine()).endsWith("promises broken");
    }

    @Test
    void shouldNotTakeAnotherTruthForTrue() throws IOException, InterruptedException {
        drive(TRIPS, new SimulatorOptions().trace(trace()).recordsPerFrame(10));
        final List<String> lines = Files.readAllLines(ledger());
        // Half of the records never were; and in another ledger all of them were a minute's drive farther east.
        final Path half = Files.write(files.resolve("half.ledger"), lines.subList(0, lines.size() / 2));
        assertThat(verify(half, policy(TRIPS))).isEqualTo(Exit.FAILED);
        assertThat(roadhaze.out()).contains("  broken  true-fix ");
        final Path east = Files.write(
                files.resolve("east.ledger"),
                lines.stream().map(line -> line.replace(",7.6", ",7.7")).toList());
        assertThat(verify(east, policy(TRIPS), "--json", "--show", "1")).isEqualTo(Exit.FAILED);
        assertThat(roadhaze.out().lines()).hasSize(1);
        assertThat(roadhaze.out())
                .startsWith("{\"stream\":\"trips\",\"policy\":\"trips-1\",\"records\":")
                .contains("\"kept\":false")
                .contains("{\"promise\":\"true-fix\",\"says\":\"every record comes from a fix of the"
                        + " truth\",\"kept\":false");
    }

    /** Windows of a crowd close by the engine's clock, so this fleet drives in real time. */
    @Test
    void shouldCountTheCrowdOfARealEngineFromTheLedger() throws IOException, InterruptedException {
        drive(CROWD, new SimulatorOptions().devices(40).recordsPerSecond(40).duration(Duration.ofSeconds(9)));

        final Path policy = policy(CROWD);
        final String[] arguments = {
            "verify",
            "--stream",
            "crowd",
            "--ledger",
            ledger().toString(),
            "--policy",
            policy.toString(),
            "--data",
            files.resolve("data").toString()
        };
        assertThat(roadhaze.run(arguments)).as("%s", roadhaze.out()).isEqualTo(Exit.OK);
        assertThat(roadhaze.out())
                .contains("  kept    crowd           every cell and 2 s that leave held at least 3 devices: ");
        policy(CROWD.replace("k: 3", "k: 41"));
        assertThat(roadhaze.run(arguments)).isEqualTo(Exit.FAILED);
        assertThat(roadhaze.out()).contains("  broken  crowd ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trips   | device,time,latitude,longitude;a,1,91,7 | truth:2: latitude: found '91', allowed -90 to 90",
                "trips   | device,latitude,longitude;a,1,7         | truth:1: time: found",
                "coarse  | device,time,latitude,longitude          | --stream: found 'coarse', allowed a stream of"
                        + " policy trips-1: trips",
                "trips   | device,time,latitude,longitude          | which has no streams, allowed a data directory"
            })
    void shouldSayWhatIsWrong(final String stream, final String truth, final String message) throws IOException {
        final Path file = Files.writeString(files.resolve("truth"), truth.replace(';', '\n') + "\n");
        if (!message.contains("no streams")) {
            Files.createDirectories(files.resolve("data/streams/trips"));
        }
        assertThat(roadhaze.run(
                        "verify",
                        "--stream",
                        stream,
                        "--ledger",
                        file.toString(),
                        "--policy",
                        policy(TRIPS).toString(),
                        "--data",
                        files.resolve("data").toString()))
                .isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains(message);
    }

    @Test
    void shouldRefuseWhatItCannotJudge() throws IOException, InterruptedException {
        final Path trace = trace();
        assertThat(roadhaze.run("verify", "--stream", "trips", "--ledger", trace.toString()))
                .isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("--policy and --config: found neither, allowed one of them");

        drive(TRIPS, new SimulatorOptions().trace(trace));
        assertThat(verify(ledger(), policy(TRIPS), "--ledger", trace.toString()))
                .isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("trace.csv:1: found a trace beside a ledger");
        assertThat(verify(ledger(), policy(TRIPS.replace("trips-1", "trips-2"))))
                .isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err())
                .contains("--stream: found no record of policy version trips-2")
                .contains("allowed a policy of version trips-1");
    }
}
