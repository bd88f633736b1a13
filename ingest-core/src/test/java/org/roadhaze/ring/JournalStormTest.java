// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.key.KeyEncryptionKey;
import org.roadhaze.anonymizer.key.RandomBytes;
import org.roadhaze.journal.FrameOpener;
import org.roadhaze.journal.FrameOrigin;
import org.roadhaze.journal.FrameSealer;
import org.roadhaze.journal.JournalKeys;
import org.roadhaze.protocol.DecoderOptions;
import org.roadhaze.protocol.TeltonikaDecoder;
import org.roadhaze.protocol.TeltonikaEncoder;
import org.roadhaze.reader.JournalReader;
import org.roadhaze.resend.ResendFilter;
import org.roadhaze.stage.ReleaseStage;
import org.roadhaze.stream.StreamFiles;
import org.roadhaze.stream.StreamWriter;

/** Ten thousand devices that are all new at once do not cost a force of the disk each. */
@Timeout(180)
class JournalStormTest {
    private static final int DEVICES = 10_000;
    private static final int SLOTS = 1024;
    private static final long NOW_MS = RingHarness.NOW_MS;

    @TempDir
    private Path data;

    private final AtomicLong acknowledged = new AtomicLong();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final AcknowledgementMailbox mailbox = new AcknowledgementMailbox(4 * SLOTS, () -> {});
    private final Origin origin = () -> mailbox;

    private void drain() {
        mailbox.drain((from, address, buffer, length) -> acknowledged.incrementAndGet());
    }

    private void publish(final IngestRing ring) {
        final TeltonikaEncoder encoder = new TeltonikaEncoder();
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[256]);
        for (int i = 0; i < DEVICES; i++) {
            encoder.begin(frame, 0, TeltonikaEncoder.CODEC_8).record(NOW_MS, 520_000_000, 130_000_000, 30, 90, 9, 50);
            final int length = encoder.end();
            while (!ring.tryPublish(origin, null, 0, RingHarness.device(i), NOW_MS, frame, 0, length)) {
                drain();
                Thread.onSpinWait();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"SYNCED, 1", "PERSISTED, 1", "SYNCED, 2"})
    void shouldForceTheKeysOfManyNewDevicesTogether(final AckLevel level, final int workers) throws IOException {
        Files.createDirectories(StreamFiles.keys(data));
        final KeyEncryptionKey key =
                KeyEncryptionKey.parse("test", Base64.getEncoder().encodeToString(RandomBytes.next(32)));
        try (JournalKeys keys = JournalKeys.open(data, key);
                StreamWriter writer =
                        StreamWriter.ofJournal(data, "evidence", "v1", 1, SystemEpochClock.INSTANCE, keys)) {
            final List<WorkerParts> parts = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                parts.add(new WorkerParts(
                        List.of(TeltonikaDecoder.tcp(DecoderOptions.ENGINE)),
                        ResendFilter.none(),
                        List.of(),
                        new ReleaseStage(new StreamChain[0]),
                        List.of(new FrameSealer(
                                keys,
                                Duration.ofDays(30),
                                List.of(new FrameOrigin("teltonika", false, ZoneOffset.UTC)),
                                100))));
            }
            try (IngestRing ring = new IngestRing(
                    new RingOptions(SLOTS, workers, RingOptions.Waiting.PARKING, CommitOptions.of(level)),
                    1,
                    parts,
                    new StreamWriter[] {writer},
                    null,
                    new AcknowledgementMailbox[] {mailbox},
                    true,
                    failures::add,
                    failures::add)) {
                ring.start();
                publish(ring);
                await().atMost(Duration.ofSeconds(60)).until(() -> {
                    drain();
                    return acknowledged.get() == DEVICES;
                });
            }
            assertThat(failures).isEmpty();
            assertThat(keys.transactions()).isBetween(1L, DEVICES / 10L);
        }
        final Set<Long> devices = new HashSet<>();
        try (JournalReader reader = JournalReader.open(data, "evidence", key)) {
            while (reader.next()) {
                assertThat(reader.answer()).isEqualTo(FrameOpener.Answer.OPEN);
                devices.add(reader.deviceId());
            }
        }
        assertThat(devices).hasSize(DEVICES);
    }
}
