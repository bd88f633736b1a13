// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.journal.FrameOpener.Answer;
import org.roadhaze.stream.JournalLayout;
import org.roadhaze.stream.StreamFiles;
import org.roadhaze.stream.sbe.journal.MessageHeaderDecoder;
import org.roadhaze.stream.sbe.journal.SealedFrameDecoder;
import org.roadhaze.stream.sbe.journal.Transport;

class FrameSealerTest {
    private static final long DEVICE = 352_093_081_234_567L;
    private static final long NOW_MS = 1_790_000_000_000L;
    private static final Duration EPOCH = Duration.ofDays(1);
    private static final byte[] FRAME = "a frame with a place in it".getBytes(StandardCharsets.US_ASCII);
    private static final List<FrameOrigin> ORIGINS = List.of(
            new FrameOrigin("teltonika", true, ZoneOffset.UTC), new FrameOrigin("gt06", false, ZoneOffset.ofHours(8)));

    @TempDir
    Path data;

    private JournalKeys keys;
    private final UnsafeBuffer target = new UnsafeBuffer(new byte[64 * 1024]);

    @BeforeEach
    void open() throws Exception {
        Files.createDirectories(StreamFiles.keys(data));
        keys = JournalKeys.open(data, TestKey.of(1));
    }

    @AfterEach
    void close() {
        keys.close();
    }

    private int seal(final FrameSealer sealer, final long device, final long timeMs, final byte[] frame) {
        sealer.seal(device, timeMs, 1, new UnsafeBuffer(frame), frame.length, target, 0);
        return target.getInt(JournalLayout.CLEAR_LENGTH);
    }

    private FrameSealer sealer(final int maxDevices) throws Exception {
        return new FrameSealer(keys, EPOCH, ORIGINS, maxDevices);
    }

    @Test
    void shouldOpenWhatItSealed() throws Exception {
        final int length = seal(sealer(10), DEVICE, NOW_MS, FRAME);
        keys.force();
        final FrameOpener opener = new FrameOpener(keys);
        assertThat(opener.open(target, 0, length)).isEqualTo(Answer.OPEN);
        final SealedFrameDecoder content = new SealedFrameDecoder()
                .wrapAndApplyHeader(new UnsafeBuffer(opener.content()), 0, new MessageHeaderDecoder());
        assertThat(content.deviceId()).isEqualTo(DEVICE);
        assertThat(content.utcOffsetSeconds()).isEqualTo(8 * 3600);
        assertThat(content.transport()).isEqualTo(Transport.TCP);
        assertThat(content.protocol()).isEqualTo("gt06");
        final byte[] frame = new byte[content.frameLength()];
        content.getFrame(frame, 0, frame.length);
        assertThat(frame).isEqualTo(FRAME);
    }

    @Test
    void shouldSealFramesOfAnyLength() throws Exception {
        final FrameSealer sealer = sealer(10);
        final byte[] frame = new byte[30_000];
        frame[29_999] = 42;
        final int length = seal(sealer, DEVICE, NOW_MS, frame);
        assertThat(JournalLayout.FRAME_HEAD_LENGTH + length).isEqualTo(sealer.sealedLength(1, frame.length));
        keys.force();
        final FrameOpener opener = new FrameOpener(keys);
        assertThat(opener.open(target, 0, length)).isEqualTo(Answer.OPEN);
        assertThat(opener.content()).endsWith(42);
        assertThat(sealer.sealed()).isEqualTo(1);
    }

    /** Every bit that is in the clear or sealed, but those of the key's number, whose change makes it a number of no key. */
    @Test
    void shouldTellEveryBitThatWasFlipped() throws Exception {
        final int length = seal(sealer(10), DEVICE, NOW_MS, FRAME);
        keys.force();
        final FrameOpener opener = new FrameOpener(keys);
        for (int at = 0; at < JournalLayout.FRAME_HEAD_LENGTH + length; at++) {
            if (at >= JournalLayout.CLEAR_LENGTH && at < JournalLayout.FRAME_HEAD_LENGTH) {
                continue; // The length, which the caller reads.
            }
            for (int bit = 0; bit < 8; bit++) {
                target.putByte(at, (byte) (target.getByte(at) ^ 1 << bit));
                assertThat(opener.open(target, 0, length))
                        .isEqualTo(at < DataKey.ID_LENGTH ? Answer.KEY_DESTROYED : Answer.TAMPERED);
                assertThat(opener.content()).isEmpty();
                target.putByte(at, (byte) (target.getByte(at) ^ 1 << bit));
            }
        }
        assertThat(opener.open(target, 0, length)).isEqualTo(Answer.OPEN);
    }

    @Test
    void shouldSayThatAKeyIsDestroyed() throws Exception {
        final int length = seal(sealer(10), DEVICE, NOW_MS, FRAME);
        keys.force();
        assertThat(keys.destroy(DEVICE)).isEqualTo(1);
        keys = JournalKeys.open(data, TestKey.of(1));
        assertThat(new FrameOpener(keys).open(target, 0, length)).isEqualTo(Answer.KEY_DESTROYED);
    }

    @Test
    void shouldGiveEveryDeviceAndEpochAKeyOfItsOwn() throws Exception {
        final FrameSealer sealer = sealer(10);
        seal(sealer, DEVICE, NOW_MS, FRAME);
        final String first = keyId();
        seal(sealer, DEVICE, NOW_MS + 1, FRAME);
        assertThat(keyId()).isEqualTo(first);
        seal(sealer, DEVICE + 1, NOW_MS, FRAME);
        assertThat(keyId()).isNotEqualTo(first);
        seal(sealer, DEVICE, NOW_MS + EPOCH.toMillis(), FRAME);
        assertThat(keyId()).isNotEqualTo(first);
    }

    @Test
    void shouldFindTheKeyAgainOfADeviceThatItForgot() throws Exception {
        final FrameSealer sealer = sealer(1);
        seal(sealer, DEVICE, NOW_MS, FRAME);
        final String first = keyId();
        seal(sealer, DEVICE + 1, NOW_MS, FRAME); // Forgets the first; its key is not saved yet.
        seal(sealer, DEVICE, NOW_MS, FRAME);
        assertThat(keyId()).isEqualTo(first);
        keys.force();
        seal(sealer, DEVICE + 1, NOW_MS, FRAME);
        seal(sealer, DEVICE, NOW_MS, FRAME);
        assertThat(keyId()).isEqualTo(first);
    }

    /** The same frame twice is not the same bytes twice: the nonce differs. */
    @Test
    void shouldSealTheSameFrameUnderAnotherNonce() throws Exception {
        final FrameSealer one = sealer(10);
        final FrameSealer other = sealer(10);
        seal(one, DEVICE, NOW_MS, FRAME);
        final String first = nonce();
        seal(one, DEVICE, NOW_MS, FRAME);
        final String second = nonce();
        seal(other, DEVICE, NOW_MS, FRAME);
        assertThat(List.of(first, second, nonce())).doesNotHaveDuplicates();
    }

    private String keyId() {
        return hex(0, DataKey.ID_LENGTH);
    }

    private String nonce() {
        return hex(JournalLayout.NONCE, JournalLayout.NONCE_LENGTH);
    }

    private String hex(final int offset, final int length) {
        final byte[] bytes = new byte[length];
        target.getBytes(offset, bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
