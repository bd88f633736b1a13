// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.roadhaze.protocol.DecoderOptions;
import org.roadhaze.protocol.Protocol;
import org.roadhaze.protocol.Protocols;
import org.roadhaze.protocol.TeltonikaEncoder;

/**
 * Frames that were good once: with bits flipped, bytes put in, taken out and repeated, counts and lengths that are extreme,
 * and halves of two frames. Check sums are passed over, so that what is wrong inside is reached. {@code -Droadhaze.fuzz=N}
 * tries so many, {@code -Droadhaze.seed=N} others.
 */
@Timeout(600)
class FrameFuzzTest {
    private static final int CASES = Integer.getInteger("roadhaze.fuzz", 50_000);
    private static final long SEED = Long.getLong("roadhaze.seed", 1);
    private static final int[] EXTREMES = {0, 1, 0x7F, 0x80, 0xFE, 0xFF};
    private static final int CASES_A_CONNECTION = 3;

    static List<Protocol> protocols() {
        return Protocols.all();
    }

    @ParameterizedTest
    @DisplayName("R12, R13, R14: frames that are wrong inside")
    @MethodSource("protocols")
    void shouldRefuseWhateverComesWithoutAnException(final Protocol protocol) {
        final SplittableRandom random = new SplittableRandom(SEED);
        final byte[] login = SteppedEngine.login(protocol);
        final List<byte[]> frames = SteppedEngine.frames(protocol);
        try (SteppedEngine engine = new SteppedEngine(protocol, new DecoderOptions(false, null))) {
            for (int i = 0; i < CASES; i++) {
                final EmbeddedChannel connection = engine.connect();
                engine.deliver(connection, login, 0, login.length);
                final StringBuilder sent = new StringBuilder();
                for (int each = 0; each < CASES_A_CONNECTION && connection.isOpen(); each++) {
                    final byte[] bytes = mutant(frames, random);
                    sent.append(HexFormat.of().formatHex(bytes)).append(' ');
                    final int cut = random.nextInt(bytes.length + 1);
                    engine.deliver(connection, bytes, 0, cut);
                    engine.deliver(connection, bytes, cut, bytes.length);
                }
                final long left = engine.outcome(connection).waitingBytes();
                if (left != 0 || !engine.failures.isEmpty() || engine.counters.socketErrors() > 0) {
                    assertThat(engine.failures)
                            .as("seed %d, case %d: %s", SEED, i, sent)
                            .isEmpty();
                    assertThat(engine.counters.socketErrors())
                            .as("seed %d, case %d: %s", SEED, i, sent)
                            .isZero();
                    assertThat(left).as("seed %d, case %d: %s", SEED, i, sent).isZero();
                }
            }
            assertThat(engine.failedFrames()).isZero();
        }
    }

    /** A datagram is answered with fewer bytes than it had, or not at all, and leaves nothing behind. */
    @Test
    @DisplayName("R22, R23: datagrams from senders that may be anyone's")
    void shouldAnswerNobodyWithMoreThanHeSentAndRememberNobody() {
        final Protocol protocol = SteppedEngine.protocol("teltonika");
        final SplittableRandom random = new SplittableRandom(SEED);
        final byte[] good = datagram();
        final List<byte[]> frames = List.of(good, SteppedEngine.frames(protocol).get(0));
        long answers = 0;
        try (SteppedEngine engine = new SteppedEngine(protocol, DecoderOptions.ENGINE)) {
            final EmbeddedChannel socket = engine.datagrams();
            for (int i = 0; i < CASES; i++) {
                final byte[] bytes = random.nextInt(4) == 0 ? good : mutant(frames, random);
                final int port = 1 + random.nextInt(65_535);
                engine.deliver(socket, bytes, SteppedEngine.sender(port));
                for (DatagramPacket out = socket.readOutbound(); out != null; out = socket.readOutbound()) {
                    answers++;
                    assertThat(out.content().readableBytes())
                            .as("seed %d, case %d", SEED, i)
                            .isLessThanOrEqualTo(bytes.length);
                    assertThat(out.recipient().getPort()).isEqualTo(port);
                    out.release();
                }
                assertThat(engine.memoryInUse()).as("seed %d, case %d", SEED, i).isZero();
            }
            engine.outcome(socket);
            assertThat(engine.failures).isEmpty();
            assertThat(engine.counters.connections()).isZero();
        }
        assertThat(answers).isGreaterThan(CASES / 5);
    }

    private static byte[] datagram() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        final int length = new TeltonikaEncoder()
                .beginDatagram(buffer, 0, TeltonikaEncoder.CODEC_8, SteppedEngine.DEVICE, 7, 9)
                .record(SteppedEngine.NOW_MS - 60_000, 520_000_000, 130_000_000, 30, 90, 9, 50)
                .io(1, 1, 1)
                .io(66, 2, 12_000)
                .end();
        return Arrays.copyOf(buffer.byteArray(), length);
    }

    private static byte[] mutant(final List<byte[]> frames, final SplittableRandom random) {
        byte[] bytes = frames.get(random.nextInt(frames.size())).clone();
        for (int i = random.nextInt(5); i > 0 && bytes.length > 1; i--) {
            final int at = random.nextInt(bytes.length);
            switch (random.nextInt(7)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) EXTREMES[random.nextInt(EXTREMES.length)];
                case 2 -> bytes[Math.min(at, random.nextInt(16))] = (byte) EXTREMES[random.nextInt(EXTREMES.length)];
                case 3 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) 0xFF);
                case 4 -> bytes = join(bytes, 0, at, bytes, Math.min(bytes.length, at + 1 + random.nextInt(8)));
                case 5 -> bytes = join(bytes, 0, bytes.length, bytes, at);
                default -> {
                    final byte[] other = frames.get(random.nextInt(frames.size()));
                    bytes = join(bytes, 0, at, other, random.nextInt(other.length));
                }
            }
        }
        return bytes;
    }

    private static byte[] join(
            final byte[] first, final int from, final int to, final byte[] second, final int secondFrom) {
        final byte[] joined =
                Arrays.copyOf(Arrays.copyOfRange(first, from, to), to - from + second.length - secondFrom);
        System.arraycopy(second, secondFrom, joined, to - from, second.length - secondFrom);
        return joined;
    }
}
