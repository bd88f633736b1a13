// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger is written and read back. */
class LedgerTest {
    private static final String LINES = """
            device,time,latitude,longitude,sequence
            001017000000018,1732406400123,-0.0000001,-179.9999999,0
            001017000000026,1,90.0000000,0.1234500,9000000000
            """;

    @TempDir
    Path directory;

    private List<String> read(final Path file) throws IOException {
        final List<String> records = new ArrayList<>();
        final long lines = LedgerReader.read(
                file,
                (imei, timeMs, latitudeE7, longitudeE7, sequence) ->
                        records.add(imei + " " + timeMs + " " + latitudeE7 + " " + longitudeE7 + " " + sequence));
        assertThat(lines).isEqualTo(records.size());
        return records;
    }

    @Test
    void shouldComeBackAsItWasWritten() throws IOException {
        final Path file = directory.resolve("ledger.csv");
        try (Ledger ledger = Ledger.create(file, false)) {
            ledger.append(1017000000018L, 1732406400123L, -1, -1_799_999_999, 0);
            ledger.append(1017000000026L, 1, 900_000_000, 1_234_500, 9_000_000_000L);
        }
        assertThat(file).hasContent(LINES);
        assertThat(read(file))
                .containsExactly(
                        "1017000000018 1732406400123 -1 -1799999999 0", "1017000000026 1 900000000 1234500 9000000000");
    }

    @Test
    void shouldClaimNothingBeforeItIsFlushed() throws IOException {
        final Path file = directory.resolve("ledger.csv");
        try (Ledger ledger = Ledger.create(file, false)) {
            ledger.append(1017000000018L, 1, 2, 3, 4);
            assertThat(read(file)).isEmpty();
            ledger.flush();
            assertThat(read(file)).hasSize(1);
        }
    }

    @Test
    void shouldHoldMoreThanItGathers() throws IOException {
        final Path file = directory.resolve("ledger.csv");
        try (Ledger ledger = Ledger.create(file, false)) {
            for (int i = 0; i < 50_000; i++) {
                ledger.append(1017000000018L, i, i, -i, i);
            }
        }
        assertThat(read(file)).hasSize(50_000).last().isEqualTo("1017000000018 49999 49999 -49999 49999");
    }

    @Test
    void shouldPassOverATornLastLineAtEveryCut() throws IOException {
        final String whole = "001017000000018,1732406400123,45.0703000,7.6869000,0\n";
        final Path file = directory.resolve("ledger.csv");
        for (int cut = 0; cut < whole.length(); cut++) {
            Files.writeString(file, LINES + whole.substring(0, cut));
            assertThat(read(file)).as("cut at %d", cut).hasSize(2);
        }
        for (int cut = 0; cut < Ledger.HEADER.length(); cut++) {
            Files.writeString(file, Ledger.HEADER.substring(0, cut));
            assertThat(read(file)).as("header cut at %d", cut).isEmpty();
        }
    }

    @Test
    void shouldSayWhichLineIsWrong() throws IOException {
        final Path file = Files.writeString(directory.resolve("ledger.csv"), LINES);
        Files.writeString(file, "what is this\n", StandardOpenOption.APPEND);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(file))
                .withMessage(file + ":4: found 'what is this', allowed a line of " + Ledger.HEADER);
    }
}
