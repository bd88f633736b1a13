// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.anonymizer.key.KeyEncryptionKey;
import org.roadhaze.journal.FrameOpener.Answer;
import org.roadhaze.journal.FrameOrigin;
import org.roadhaze.journal.FrameSealer;
import org.roadhaze.journal.JournalKeys;
import org.roadhaze.reader.JournalReader;
import org.roadhaze.stream.ReleaseLayout;
import org.roadhaze.stream.StreamFiles;
import org.roadhaze.stream.StreamWriter;

/** An engine keeps what its policy says, for as long as it says, and no longer. */
@Timeout(60)
class RetentionTest {
    private static final long IMEI = 356_307_042_441_013L;
    private static final Duration KEY_EPOCH = Duration.ofHours(1);
    private static final String CONFIG = """
            data: data
            ack: persisted
            listeners:
              - { protocol: gt06, transport: tcp, address: 127.0.0.1:0 }
            journal: { key-epoch: 1h }
            policy: { version: test }
            streams:
              evidence: { retention: 36h, journal: true }
              all: { retention: 60h, identity: none, time: exact }
            """;

    @TempDir
    private Path directory;

    private final long nowMs = SystemEpochClock.INSTANCE.time();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);

    private Path data() {
        return directory.resolve("data");
    }

    private List<Path> files(final String stream) throws IOException {
        final List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> each = Files.newDirectoryStream(StreamFiles.queue(data(), stream), "*.cq4")) {
            each.forEach(files::add);
        }
        Collections.sort(files);
        return files;
    }

    /** A document three days ago, one two days ago, and one a day ago. */
    private void threeDays() throws IOException {
        Files.createDirectories(StreamFiles.keys(data()));
        try (JournalKeys keys =
                JournalKeys.open(data(), KeyEncryptionKey.readOrCreate(StreamFiles.journalKey(data())))) {
            final FrameSealer sealer =
                    new FrameSealer(keys, KEY_EPOCH, List.of(new FrameOrigin("gt06", false, ZoneOffset.UTC)), 10);
            for (int daysAgo = 3; daysAgo > 0; daysAgo--) {
                final long timeMs = nowMs - Duration.ofDays(daysAgo).toMillis();
                sealer.seal(IMEI, timeMs, 0, new UnsafeBuffer(new byte[10]), 10, buffer, 0);
                try (StreamWriter evidence =
                        StreamWriter.ofJournal(data(), "evidence", "test", 1, () -> timeMs, keys)) {
                    evidence.append(buffer, 0, sealer.sealedLength(0, 10), 1);
                    evidence.flush();
                }
                final Release release = new Release();
                release.timeMs(timeMs);
                ReleaseLayout.putRecord(buffer, 0, release);
                try (StreamWriter all = new StreamWriter(data(), "all", "test", 1, () -> timeMs)) {
                    all.append(buffer, 0, ReleaseLayout.recordLength(release), 1);
                    all.flush();
                }
            }
        }
    }

    private List<Answer> journal() throws IOException {
        return journal("evidence");
    }

    private List<Answer> journal(final String stream) throws IOException {
        final List<Answer> answers = new ArrayList<>();
        try (JournalReader reader = JournalReader.open(data(), stream)) {
            while (reader.next()) {
                answers.add(reader.answer());
            }
        }
        return answers;
    }

    @Test
    void shouldDeleteTheFilesOfEachStreamAndTheKeysOfAJournalThatAreOlder() throws IOException {
        threeDays();
        final List<Path> evidence = files("evidence");
        final List<Path> all = files("all");
        assertThat(evidence).hasSize(3);
        assertThat(all).hasSize(3);
        assertThat(journal()).containsExactly(Answer.OPEN, Answer.OPEN, Answer.OPEN);
        final Path queue = StreamFiles.queue(data(), "evidence");
        final Path copy = Files.createDirectory(directory.resolve("copy"));
        copyFiles(queue, copy);

        final Path config = Files.writeString(directory.resolve("engine.yaml"), CONFIG);
        try (Engine engine = Engine.start(EngineConfig.read(config))) {
            await().until(() -> files("evidence").equals(evidence.subList(2, 3))
                    && files("all").equals(all.subList(1, 3)));
            assertThat(engine.failure()).isNotDone();
        }
        assertThat(journal()).containsExactly(Answer.OPEN);

        Files.move(queue, directory.resolve("after"));
        Files.createDirectory(queue);
        copyFiles(copy, queue);
        assertThat(journal())
                .as("of a copy of the files of before")
                .containsExactly(Answer.KEY_DESTROYED, Answer.KEY_DESTROYED, Answer.OPEN);
    }

    @Test
    void shouldDestroyNoKeyWhileAStreamIsThereOfWhichNobodyKnowsForHowLong() throws IOException {
        threeDays();
        final String renamed = CONFIG.replace("evidence:", "proof:");
        final Path config = Files.writeString(directory.resolve("engine.yaml"), renamed);
        final List<Path> all = files("all");
        try (Engine engine = Engine.start(EngineConfig.read(config))) {
            await().until(() -> files("all").equals(all.subList(1, 3)));
            assertThat(engine.failure()).isNotDone();
        }
        assertThat(journal()).containsExactly(Answer.OPEN, Answer.OPEN, Answer.OPEN);
    }

    /** Renamed, and taken out: what was promised of both holds as long as there is anything of them. */
    @Test
    void shouldEndAStreamThatIsNotInThePolicyAsThatSaidThatHadItLast() throws IOException {
        final Path config = Files.writeString(directory.resolve("engine.yaml"), CONFIG.replace("60h", "12h"));
        Engine.start(EngineConfig.read(config)).close();
        threeDays();
        final List<Path> evidence = files("evidence");
        final Path copy = Files.createDirectory(directory.resolve("copy"));
        copyFiles(StreamFiles.queue(data(), "evidence"), copy);

        Files.writeString(
                config,
                CONFIG.replace("evidence:", "proof:").replace("36h", "1h").replace("all:", "other:"));
        try (Engine engine = Engine.start(EngineConfig.read(config))) {
            await().until(() -> files("evidence").equals(evidence.subList(2, 3)));
            await().until(() -> Files.notExists(StreamFiles.queue(data(), "all")));
            assertThat(engine.failure()).isNotDone();
        }
        assertThat(journal()).as("kept for 36 h, not for 1").containsExactly(Answer.OPEN);
        copyFiles(copy, Files.createDirectory(StreamFiles.queue(data(), "proof-of-before")));
        assertThat(journal("proof-of-before")).containsExactly(Answer.KEY_DESTROYED, Answer.KEY_DESTROYED, Answer.OPEN);
    }

    /** All that lies beside the queue goes with it, and nothing of a stream whose name begins the same. */
    @Test
    void shouldLeaveNothingOfAStreamThatEnded() throws IOException {
        final Path config = Files.writeString(
                directory.resolve("engine.yaml"), CONFIG.replace("60h", "12h").replace("36h", "900h"));
        Engine.start(EngineConfig.read(config)).close();
        threeDays();
        final LocalDate today = LocalDate.ofInstant(Instant.ofEpochMilli(nowMs), ZoneOffset.UTC);
        final List<Path> gone = new ArrayList<>(List.of(StreamFiles.kept(data(), "all")));
        for (final String file : List.of(
                "disclosure/all/" + today + "-0-1.disclosure",
                "disclosure/all/2025-01-01-0-1.disclosure",
                "disclosure/all/" + today + "-0-1.disclosure.new",
                "lags/all-0",
                "lags/all-11",
                "lags/all-1.unfinished",
                "forced/all",
                "disclosure/evidence/" + today.minusDays(31) + "-0-1.disclosure")) {
            gone.add(put(file));
        }
        final List<Path> stay = new ArrayList<>(List.of(StreamFiles.kept(data(), "evidence")));
        for (final String file : List.of(
                "disclosure/evidence/" + today.minusDays(30) + "-0-1.disclosure",
                "disclosure/all-other/2025-01-01-0-1.disclosure",
                "lags/all-other-0",
                "lags/evidence-0",
                "forced/evidence",
                "forced/all-other")) {
            stay.add(put(file));
        }
        assertThat(gone).allSatisfy(file -> assertThat(file).exists());
        Files.writeString(config, CONFIG.replace("all:", "another:").replace("evidence:", "proof:"));
        try (Engine engine = Engine.start(EngineConfig.read(config))) {
            await().until(() -> gone.stream().noneMatch(Files::exists));
            assertThat(engine.failure()).isNotDone();
        }
        assertThat(data().resolve("disclosure/all")).doesNotExist();
        assertThat(stay).allSatisfy(file -> assertThat(file).exists());
        assertThat(files("evidence")).hasSize(3);
    }

    private Path put(final String file) throws IOException {
        final Path path = data().resolve(file);
        Files.createDirectories(path.getParent());
        return Files.write(path, new byte[] {1});
    }

    /** A disk that is full: the engine starts, and what it could not note is noted when it can. */
    @Test
    void shouldStartWhereItCannotBeNotedForHowLongStreamsAreKept() throws IOException {
        final Path config = Files.writeString(directory.resolve("engine.yaml"), CONFIG);
        final Path kept = StreamFiles.kept(data(), "evidence");
        Files.createDirectories(data());
        Files.write(kept.getParent(), new byte[0]);
        final EngineOptions options = EngineConfig.read(config);
        final RetentionSweep sweep =
                new RetentionSweep(options, RebuildPlan.of(options), List.of("evidence", "all"), List.of());
        sweep.begin();
        assertThatThrownBy(() -> sweep.run(nowMs, null, false)).isInstanceOf(IOException.class);
        Files.delete(kept.getParent());
        sweep.run(nowMs, null, false);
        assertThat(KeptRecord.read(kept))
                .isEqualTo(new KeptRecord(Duration.ofHours(36).toMillis(), true));
        assertThat(KeptRecord.read(StreamFiles.kept(data(), "all")))
                .isEqualTo(new KeptRecord(Duration.ofHours(60).toMillis(), false));
    }

    /** What cannot be read may say that a journal's keys are needed; others end all the same. */
    @Test
    void shouldDestroyNoKeyWhereItCannotBeReadForHowLong() throws IOException {
        threeDays();
        final Path config = Files.writeString(
                directory.resolve("engine.yaml"),
                CONFIG.replace("evidence:", "proof:").replace("all:", "other:"));
        Files.createDirectories(StreamFiles.kept(data(), "evidence")); // Which cannot be read as a file.
        new KeptRecord(Duration.ofHours(36).toMillis(), false).write(StreamFiles.kept(data(), "all"));
        final List<Path> all = files("all");
        final EngineOptions options = EngineConfig.read(config);
        final RetentionSweep sweep =
                new RetentionSweep(options, RebuildPlan.of(options), List.of("proof", "other"), List.of());
        try (JournalKeys keys =
                JournalKeys.open(data(), KeyEncryptionKey.readOrCreate(StreamFiles.journalKey(data())))) {
            assertThatThrownBy(() -> sweep.run(nowMs, keys, false)).isInstanceOf(IOException.class);
        }
        assertThat(files("all")).isEqualTo(all.subList(2, 3));
        assertThat(journal()).containsExactly(Answer.OPEN, Answer.OPEN, Answer.OPEN);
    }

    /** Dead letters are sealed under the same keys as a journal that was taken out. */
    @Test
    void shouldKeepKeysForDeadLettersAsLongAsForAJournalThatIsGone() throws IOException {
        final Path config = Files.writeString(
                directory.resolve("engine.yaml"),
                CONFIG.lines().filter(line -> !line.contains("journal")).collect(Collectors.joining("\n")));
        final StreamRetention retention =
                new StreamRetention(EngineConfig.read(config).policy());
        for (final long days : new long[] {0, 1, 30, 60}) {
            assertThat(nowMs - retention.keysFromMs(nowMs, Duration.ofDays(days).toMillis()))
                    .isEqualTo(Duration.ofDays(Math.max(30, days)).toMillis());
        }
    }

    @Test
    void shouldNotDeleteWhatSomebodyElsePutBesideAQueue() throws IOException {
        final Path config = Files.writeString(directory.resolve("engine.yaml"), CONFIG.replace("60h", "12h"));
        Engine.start(EngineConfig.read(config)).close();
        threeDays();
        final Path note = Files.writeString(StreamFiles.queue(data(), "all").resolve("note.txt"), "mine");
        Files.writeString(config, CONFIG.replace("all:", "other:"));
        try (Engine engine = Engine.start(EngineConfig.read(config))) {
            await().until(() -> files("all").isEmpty());
            assertThat(engine.failure()).isNotDone();
        }
        assertThat(note).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "keep 1 journal true", "keep -1 journal true\n", "keep 1 journal perhaps\n"})
    void shouldNotKnowForHowLongByARecordThatIsDamaged(final String damaged) throws IOException {
        final Path file = directory.resolve("kept").resolve("all");
        assertThat(KeptRecord.read(file)).isNull();
        new KeptRecord(3_600_000, true).write(file);
        assertThat(KeptRecord.read(file)).isEqualTo(new KeptRecord(3_600_000, true));
        new KeptRecord(7_200_000, false).write(file);
        assertThat(KeptRecord.read(file)).isEqualTo(new KeptRecord(7_200_000, false));
        Files.writeString(file, damaged);
        assertThat(KeptRecord.read(file)).isNull();
    }

    private static void copyFiles(final Path from, final Path to) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
            for (final Path file : files) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void shouldKeepAJournalForAsLongAsAStreamHoldsRecordsBack() throws IOException {
        final String holding = CONFIG.replace("36h", "1h")
                .replace("60h, identity: none, time: exact", "60h, identity: none, time: { round: 1min, shuffle: {} }");
        final Path config = Files.writeString(directory.resolve("engine.yaml"), holding);
        final EngineOptions options = EngineConfig.read(config);
        final Duration held = options.policy().stream("all").holdsBack();
        assertThat(held).isPositive();
        final StreamRetention retention = new StreamRetention(options.policy());
        assertThat(nowMs - retention.keptFromMs("evidence", nowMs))
                .isEqualTo(Math.max(held.toMillis(), Duration.ofHours(1).toMillis()));
        assertThat(nowMs - retention.keptFromMs("all", nowMs))
                .isEqualTo(Duration.ofHours(60).toMillis());
    }
}
