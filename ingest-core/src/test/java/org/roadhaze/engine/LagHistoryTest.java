// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.anonymizer.EventTimeMark;

class LagHistoryTest {
    private static final long MINUTE_MS = EventTimeMark.MINUTE_MS;
    private static final long START_MS = 29_833_340 * MINUTE_MS + 12_345;
    private static final long FIRST_MS = 29_833_341 * MINUTE_MS;
    private static final long KEPT_MS = 5 * MINUTE_MS;
    private static final LagHistory.Beginning BEGINNING = new LagHistory.Beginning(0xF123_4567_89AB_CDEFL, 2, -1, 77);

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void begin() throws IOException {
        file = directory.resolve("lags").resolve("held-0");
        read().begin(START_MS, BEGINNING);
    }

    private LagHistory read() throws IOException {
        return LagHistory.read(file, KEPT_MS);
    }

    /** Behind by as much as tells it from all others. */
    private static EventTimeMark mark(final int minute) {
        return new EventTimeMark(
                FIRST_MS + minute * MINUTE_MS,
                1_000 + minute,
                500,
                List.of(700L + minute, -1L, 0L, -1L, -1L, -1L, -1L, -1L, -1L, 9L));
    }

    @Test
    void shouldReadWhatWasSaved() throws IOException {
        final LagHistory history = read();
        assertThat(history.at(FIRST_MS + 3 * MINUTE_MS)).isNull();
        history.note(null);
        history.note(mark(0));
        history.note(mark(2));
        history.save();
        final LagHistory again = read();
        assertThat(again.beginning()).isEqualTo(BEGINNING);
        assertThat(again.startMs()).isEqualTo(START_MS);
        assertThat(again.at(FIRST_MS - 1)).isNull();
        assertThat(again.at(FIRST_MS)).isEqualTo(mark(0));
        assertThat(again.at(FIRST_MS + 2 * MINUTE_MS - 1))
                .as("nothing came since")
                .isEqualTo(mark(0));
        assertThat(again.at(FIRST_MS + 9 * MINUTE_MS)).isEqualTo(mark(2));
    }

    @Test
    void shouldWriteOnlyWhatIsNews() throws IOException {
        final LagHistory history = read();
        history.note(mark(0));
        history.save();
        Files.delete(file);
        history.note(mark(0));
        history.save();
        assertThat(file).doesNotExist();
        history.note(mark(1));
        history.save();
        assertThat(read().at(FIRST_MS + MINUTE_MS)).isEqualTo(mark(1));
    }

    @Test
    void shouldForgetWhatNoRebuildReachesBackTo() throws IOException {
        final LagHistory history = read();
        for (int minute = 0; minute < 20; minute += 3) {
            history.note(mark(minute));
        }
        history.save();
        final LagHistory again = read();
        assertThat(again.at(FIRST_MS + 11 * MINUTE_MS)).isNull();
        assertThat(again.at(FIRST_MS + 18 * MINUTE_MS - KEPT_MS)).isEqualTo(mark(12));
        assertThat(again.startMs()).isEqualTo(START_MS);
    }

    @ParameterizedTest
    @CsvSource({
        "policy, Policy",
        "begun, since",
        "' -1 0 ', ' -2 0 '",
        "' 9\n', ' 9 9\n'",
        "' 9\n', ' x\n'",
        "' 9\n', '\n'"
    })
    void shouldBelieveNothingOfAFileThatIsDamaged(final String what, final String by) throws IOException {
        final LagHistory history = read();
        history.note(mark(0));
        history.save();
        final String text = Files.readString(file);
        assertThat(text).contains(what);
        Files.writeString(file, text.replaceFirst(what, by));
        final LagHistory damaged = read();
        assertThat(damaged.beginning()).isNull();
        assertThat(damaged.startMs()).isEqualTo(LagHistory.UNKNOWN);
        assertThat(damaged.at(FIRST_MS)).isNull();
    }
}
