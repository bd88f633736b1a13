// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.listener.SteppedEngine.Outcome;
import org.roadhaze.protocol.DecoderOptions;
import org.roadhaze.protocol.Protocol;
import org.roadhaze.protocol.Protocols;

/**
 * Every frame of every vector, however it is cut: {@code -Droadhaze.shared=DIR} adds those of the shared collection.
 */
@Timeout(120)
class SplitFramesTest {
    private static final int ROUNDS = 200;
    private static final int TOGETHER = 100;
    /** What a tail may be kept in: it grows by doubling, and one more while it is copied. */
    private static final int MEMORY_A_BYTE = 4;

    private static final int LEAST_MEMORY = 1024;

    static List<Protocol> protocols() {
        return Protocols.all();
    }

    @ParameterizedTest
    @DisplayName("R10, R28: cut at every byte, and gone at every byte")
    @MethodSource("protocols")
    void shouldMakeTheSameOfAFrameWhereverItIsCut(final Protocol protocol) {
        final byte[] login = SteppedEngine.login(protocol);
        long cuts = 0;
        try (SteppedEngine engine = new SteppedEngine(protocol, DecoderOptions.ENGINE)) {
            for (final byte[] frame : SteppedEngine.frames(protocol)) {
                final Outcome whole = inParts(engine, login, frame);
                assertThat(whole.waitingBytes()).isZero();
                for (int cut = 1; cut < frame.length; cut++, cuts++) {
                    assertThat(inParts(engine, login, frame, cut))
                            .as("cut at %d of %d", cut, frame.length)
                            .isEqualTo(whole);
                    final EmbeddedChannel left = engine.connect();
                    engine.deliver(left, login, 0, login.length);
                    engine.deliver(left, frame, 0, cut);
                    assertThat(engine.outcome(left).waitingBytes())
                            .as("gone at %d", cut)
                            .isZero();
                }
                final int[] everywhere = new int[frame.length - 1];
                Arrays.setAll(everywhere, i -> i + 1);
                assertThat(inParts(engine, login, frame, everywhere)).isEqualTo(whole);
            }
            assertThat(engine.failures).isEmpty();
            assertThat(engine.counters.socketErrors()).isZero();
        }
        assertThat(cuts).isGreaterThan(1_000);
        System.out.printf("%s: %d cuts%n", protocol.name(), cuts);
    }

    private static Outcome inParts(
            final SteppedEngine engine, final byte[] login, final byte[] frame, final int... cuts) {
        final EmbeddedChannel connection = engine.connect();
        engine.deliver(connection, login, 0, login.length);
        int from = 0;
        for (final int cut : cuts) {
            engine.deliver(connection, frame, from, cut);
            from = cut;
        }
        engine.deliver(connection, frame, from, frame.length);
        return engine.outcome(connection);
    }

    /** Frames that are accepted one by one, a hundred in a row with a half one behind them, in reads of any length. */
    @ParameterizedTest
    @DisplayName("R11: a hundred frames and a part of one, read as they come")
    @MethodSource("protocols")
    void shouldAnswerFramesThatComeTogetherInTheirOrder(final Protocol protocol) {
        final SplittableRandom random = new SplittableRandom(11);
        final byte[] login = SteppedEngine.login(protocol);
        try (SteppedEngine engine = new SteppedEngine(protocol, DecoderOptions.ENGINE)) {
            final List<byte[]> frames = SteppedEngine.frames(protocol).stream()
                    .filter(frame -> isCutAsOne(protocol, frame))
                    .toList();
            assertThat(frames).hasSizeGreaterThan(5);
            for (int round = 0; round < ROUNDS; round++) {
                final ByteArrayOutputStream together = new ByteArrayOutputStream();
                final StringBuilder answers = new StringBuilder();
                int stored = 0;
                for (int i = 0; i < TOGETHER; i++) {
                    final byte[] frame = frames.get(random.nextInt(frames.size()));
                    together.writeBytes(frame);
                    final Outcome alone = inParts(engine, login, frame);
                    answers.append(
                            alone.answers().substring(answerOf(engine, login).length()));
                    stored += alone.stored().size();
                }
                final byte[] tail = frames.get(random.nextInt(frames.size()));
                together.write(tail, 0, tail.length - 1);
                final byte[] bytes = together.toByteArray();
                final EmbeddedChannel connection = engine.connect();
                engine.deliver(connection, login, 0, login.length);
                for (int from = 0; from < bytes.length; ) {
                    final int to = round == 0 ? bytes.length : Math.min(bytes.length, from + 1 + random.nextInt(4096));
                    engine.deliver(connection, bytes, from, to);
                    from = to;
                }
                final Outcome outcome = engine.outcome(connection);
                assertThat(outcome.answers()).as("round %d", round).isEqualTo(answerOf(engine, login) + answers);
                assertThat(outcome.stored()).as("round %d", round).hasSize(stored);
                assertThat(outcome.closed()).isZero();
            }
            assertThat(engine.failures).isEmpty();
        }
    }

    private static String answerOf(final SteppedEngine engine, final byte[] login) {
        final EmbeddedChannel connection = engine.connect();
        engine.deliver(connection, login, 0, login.length);
        return engine.outcome(connection).answers();
    }

    private static boolean isCutAsOne(final Protocol protocol, final byte[] frame) {
        return protocol.tcp().apply(DecoderOptions.ENGINE).frameLength(new UnsafeBuffer(frame), 0, frame.length)
                == frame.length;
    }

    /** Whatever a length says: nothing is set aside for bytes that have not come. */
    @ParameterizedTest
    @DisplayName("R12: lengths that cannot be")
    @ValueSource(ints = {0, 1, 7, 1_279, 1_280, 131_072, 131_073, Integer.MAX_VALUE, Integer.MIN_VALUE, -2, -1})
    void shouldSetNothingAsideForALengthThatIsSaid(final int length) {
        final Protocol protocol = SteppedEngine.protocol("teltonika");
        final byte[] login = SteppedEngine.login(protocol);
        try (SteppedEngine engine = new SteppedEngine(protocol, DecoderOptions.ENGINE)) {
            final byte[] bytes = ByteBuffer.allocate(600)
                    .putInt(0)
                    .putInt(length)
                    .put((byte) 8)
                    .put((byte) 1)
                    .array();
            final EmbeddedChannel connection = engine.connect();
            engine.deliver(connection, login, 0, login.length);
            engine.deliver(connection, bytes, 0, bytes.length);
            assertThat(engine.memoryInUse()).isLessThan(LEAST_MEMORY + MEMORY_A_BYTE * bytes.length);
            final boolean open = connection.isOpen();
            final Outcome outcome = engine.outcome(connection);
            assertThat(outcome.stored()).isEmpty();
            assertThat(outcome.waitingBytes()).isZero();
            if (!open) {
                assertThat(engine.counters.uncuttableFrames() + engine.counters.oversizeFrames())
                        .isEqualTo(1);
            }
            if (length < 0 || length > protocol.maxFrameLength()) {
                assertThat(open).as("a frame of %d bytes is waited for", length).isFalse();
            }
            assertThat(engine.failures).isEmpty();
        }
    }

    /** R16: a tracker that empties its memory with the newest first is taken as it comes, with the times that it says. */
    @Test
    @DisplayName("R16: a backlog, newest first and shuffled")
    void shouldTakeRecordsInTheOrderInWhichTheyCome() {
        final Protocol protocol = SteppedEngine.protocol("teltonika");
        final byte[] login = SteppedEngine.login(protocol);
        final SplittableRandom random = new SplittableRandom(16);
        try (SteppedEngine engine = new SteppedEngine(protocol, DecoderOptions.ENGINE)) {
            final EmbeddedChannel connection = engine.connect();
            engine.deliver(connection, login, 0, login.length);
            final int frames = 200;
            final long[] times = new long[frames];
            for (int i = 0; i < frames; i++) {
                final long minutesAgo = i < frames / 2 ? i : 100L + random.nextInt(250_000);
                times[i] = SteppedEngine.NOW_MS - 60_000 * (1 + minutesAgo);
                final byte[] packet = Client.packet(times[i], 1);
                engine.deliver(connection, packet, 0, packet.length);
            }
            final Outcome outcome = engine.outcome(connection);
            assertThat(outcome.stored().stream()
                            .mapToLong(SimulatedStream.Stored::timeMs)
                            .toArray())
                    .isEqualTo(times);
            assertThat(outcome.answers()).isEqualTo("01" + "00000001".repeat(frames));
        }
    }
}
