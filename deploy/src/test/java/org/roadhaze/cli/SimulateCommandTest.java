// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The command as a person types it. */
@Timeout(60)
class SimulateCommandTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int simulate(final String... args) {
        return new CommandLine(new SimulateCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
    }

    /** Welcomes one Teltonika device and acknowledges its packets until it hangs up. */
    private static int serveOne(final ServerSocket server) throws IOException {
        int records = 0;
        try (Socket socket = server.accept();
                DataInputStream in = new DataInputStream(socket.getInputStream());
                DataOutputStream answers = new DataOutputStream(socket.getOutputStream())) {
            in.skipNBytes(in.readShort());
            answers.writeByte(1);
            while (in.readInt() == 0) {
                final byte[] data = new byte[in.readInt() + 4];
                in.readFully(data);
                records += data[1];
                answers.writeInt(data[1]);
            }
        } catch (final EOFException e) {
            return records;
        }
        return records;
    }

    @Test
    void shouldReplayATraceAndSumItUp() throws Exception {
        final Path trace = directory.resolve("trace.csv");
        final Path ledger = directory.resolve("ledger.csv");
        Files.writeString(trace, """
                device,time,latitude,longitude
                cab,2008-06-08T00:00:01Z,37.80640,-122.41499
                cab,1212883261,37.80700,-122.41500
                cab,1212883321,37.80800,-122.41600
                """);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            final CompletableFuture<Integer> served = CompletableFuture.supplyAsync(() -> {
                try {
                    return serveOne(server);
                } catch (final IOException e) {
                    throw new AssertionError(e);
                }
            });
            final int exit = simulate(
                    "--protocol=teltonika",
                    "--target=127.0.0.1:" + server.getLocalPort(),
                    "--records-per-frame=2",
                    "--trace=" + trace,
                    "--ledger=" + ledger,
                    "--json");
            assertThat(err.toString()).isEmpty();
            assertThat(exit).isZero();
            assertThat(served.get()).isEqualTo(3);
        }
        assertThat(out.toString().strip())
                .startsWith("{\"devices\":1,\"framesSent\":2,\"recordsSent\":3,\"recordsAcknowledged\":3,")
                .contains("\"ackLatencyMicros\":{\"p50\":")
                .endsWith("}");
        assertThat(Files.readAllLines(ledger))
                .hasSize(4)
                .last()
                .asString()
                .endsWith(",1212883321000,37.8080000,-122.4160000,2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rate=fast           | --rate'  | found 'fast', allowed N/s from 1/s to 100000000/s, or max",
                "--duration=soon       | --duration' | found 'soon', allowed a number above 0 with its unit",
                "--target=here         | --target' | found 'here', allowed HOST:PORT",
                "--devices=0           | --devices | found 0, allowed 1 to 1000000",
                "--records-per-frame=9 | --records-per-frame | found 9, allowed 1 to 1",
                "--io=3                | --io      | found 3, allowed 0 to 0",
                "--udp                 | --udp     | allowed with teltonika",
                "--trace=no-such-file  | no-such-file | there is no such file"
            })
    void shouldSayWhatIsWrong(final String option, final String named, final String message) {
        final int exit = option.startsWith("--target")
                ? simulate("--protocol=gt06", option)
                : simulate("--protocol=gt06", "--target=127.0.0.1:5023", option);
        assertThat(err.toString()).contains(named).contains(message);
        assertThat(exit).isEqualTo(2);
    }

    @Test
    void shouldRefuseALedgerThatIsThereAlready() throws IOException {
        final Path ledger = Files.writeString(directory.resolve("ledger.csv"), "the only witness of another run");
        assertThat(simulate("--protocol=gt06", "--target=127.0.0.1:5023", "--ledger=" + ledger))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--ledger: found " + ledger, "--overwrite");
        assertThat(ledger).hasContent("the only witness of another run");
    }

    @Test
    void shouldRefuseALedgerAsATraceSinceItsTimesAreMilliseconds() throws IOException {
        final Path trace = Files.writeString(
                directory.resolve("ledger.csv"),
                "device,time,latitude,longitude,sequence\n001017000000018,1732406400000,45.0703000,7.6869000,0\n");
        assertThat(simulate("--protocol=gt06", "--target=127.0.0.1:5023", "--trace=" + trace))
                .isEqualTo(2);
        assertThat(err.toString()).contains(trace + ":2: time: found '1732406400000'", "a ledger has");
    }

    @Test
    void shouldFailWhenNobodyAcknowledgesDatagrams() throws IOException {
        try (DatagramSocket nobody = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            final int exit = simulate(
                    "--protocol=teltonika",
                    "--udp",
                    "--target=127.0.0.1:" + nobody.getLocalPort(),
                    "--devices=2",
                    "--rate=20/s",
                    "--duration=1s",
                    "--ack-timeout=200ms",
                    "--json");
            assertThat(exit).isEqualTo(1);
        }
        assertThat(err.toString()).contains("2 of 2 records that were sent were not acknowledged");
        assertThat(out.toString()).contains("\"recordsSent\":2,\"recordsAcknowledged\":0", "\"recordsNotSent\":18");
    }

    @Test
    void shouldSayWhichProtocolsThereAre() {
        assertThat(simulate("--protocol=gt07", "--target=127.0.0.1:5023")).isEqualTo(2);
        assertThat(err.toString()).contains("--protocol: found 'gt07', allowed teltonika, gt06");
    }
}
