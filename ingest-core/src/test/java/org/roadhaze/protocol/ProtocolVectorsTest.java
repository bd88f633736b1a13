// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.roadhaze.position.PositionBatch;

/** Runs every registered protocol against the vectors of its name: what one must do is what all must do. */
class ProtocolVectorsTest {
    private static final int WARM_UP = 20_000;
    private static final int MEASURED = 2_000;
    private static final Set<FrameResult> EXPLAINED =
            EnumSet.of(FrameResult.CHECKSUM, FrameResult.MALFORMED, FrameResult.INCOMPLETE);

    private final PositionBatch batch = new PositionBatch();

    static Stream<Protocol> protocols() {
        return Protocols.all().stream();
    }

    static Stream<Vector> vectors() {
        return protocols().flatMap(protocol -> vectorsOf(protocol).stream());
    }

    /** Vectors that are a whole frame, whatever is wrong inside. */
    static Stream<Vector> frames() {
        return vectors()
                .filter(vector ->
                        vector.decoder().frameLength(new UnsafeBuffer(vector.frame()), 0, vector.frame().length)
                                == vector.frame().length);
    }

    static Stream<Vector> acceptedFrames() {
        return frames().filter(vector -> vector.expected().result().isOk());
    }

    /** Frames with a check sum of their own that is right. */
    static Stream<Vector> checkedFrames() {
        return frames().filter(vector -> vector.coveredTo() >= 0);
    }

    @Test
    void shouldRegisterEachNameAndPortOnce() {
        final Set<Object> seen = new HashSet<>();
        for (final Protocol protocol : Protocols.all()) {
            assertThat(seen.add(protocol.name())).as(protocol.name()).isTrue();
            assertThat(seen.add(protocol.defaultPort())).as(protocol.name()).isTrue();
            assertThat(Protocols.byName(protocol.name())).contains(protocol);
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void shouldDecodeExactly(final Vector vector) {
        assertThat(vector.decode(vector.decoder(), vector.frame(), batch)).isEqualTo(vector.expected());
    }

    @ParameterizedTest
    @MethodSource("frames")
    void shouldAskForMoreAtEveryCut(final Vector vector) {
        final ProtocolDecoder decoder = vector.decoder();
        for (int cut = 0; cut < vector.frame().length; cut++) {
            final byte[] part = Arrays.copyOf(vector.frame(), cut);
            assertThat(decoder.frameLength(new UnsafeBuffer(part), 0, cut))
                    .as("cut at %d", cut)
                    .isEqualTo(ProtocolDecoder.NEED_MORE);
            assertThat(vector.decode(decoder, part, batch).result())
                    .as("cut at %d", cut)
                    .isEqualTo(FrameResult.INCOMPLETE);
        }
    }

    /** Whole, cut at every byte, and with a byte too many: the byte that is named as wrong is the one that is explained. */
    @ParameterizedTest
    @MethodSource("vectors")
    void shouldExplainTheByteAtWhichAFrameIsRefused(final Vector vector) {
        final Remarks remarks = new Remarks();
        final ProtocolDecoder decoder = vector.decoder(new DecoderOptions(true, remarks));
        for (int length = 0; length <= vector.frame().length + 1; length++) {
            remarks.offsets.clear();
            final FrameResult result = vector.decode(decoder, Arrays.copyOf(vector.frame(), length), batch)
                    .result();
            if (EXPLAINED.contains(result)) {
                assertThat(remarks.offsets)
                        .as("%s at length %d", result, length)
                        .contains(batch.rejectedAtOffset());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("acceptedFrames")
    void shouldNeverTakeAFlippedBitForTheSame(final Vector vector) {
        final ProtocolDecoder decoder = vector.decoder();
        for (int bit = 0; bit < vector.frame().length * 8; bit++) {
            final byte[] damaged = vector.frame().clone();
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));
            final int length = decoder.frameLength(new UnsafeBuffer(damaged), 0, damaged.length);
            assertThat(length).as("bit %d", bit).isBetween(ProtocolDecoder.MALFORMED, damaged.length);
            for (final byte[] seen : List.of(damaged, Arrays.copyOf(damaged, Math.max(0, length)))) {
                final Decoding decoding = vector.decode(decoder, seen, batch);
                if (vector.isCovered(bit / 8)) {
                    assertThat(decoding.result().isOk())
                            .as("bit %d is covered by the check sum", bit)
                            .isFalse();
                }
                assertThat(decoding).as("bit %d", bit).isNotEqualTo(vector.expected());
            }
        }
    }

    /** Whatever the frame itself was: its answer is for the bytes that the check sum vouches for, and for no others. */
    @ParameterizedTest
    @MethodSource("checkedFrames")
    void shouldNeverAcknowledgeAFlippedBit(final Vector vector) {
        final ProtocolDecoder strict = vector.decoder();
        final ProtocolDecoder lenient = vector.decoder(new DecoderOptions(false, null));
        for (int bit = 8 * vector.coveredFrom(); bit < 8 * (vector.coveredTo() + 1); bit++) {
            final byte[] damaged = vector.frame().clone();
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(vector.decode(strict, damaged, batch).acknowledgement())
                    .as("bit %d", bit)
                    .isEmpty();
            final Decoding unchecked = vector.decode(lenient, damaged, batch);
            if (unchecked.result() == FrameResult.MALFORMED) {
                assertThat(unchecked.acknowledgement())
                        .as("bit %d, check sum ignored", bit)
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("frames")
    void shouldCutTwoFramesOutOfOneRead(final Vector vector) {
        final ProtocolDecoder decoder = vector.decoder();
        final int length = vector.frame().length;
        final byte[] both = Arrays.copyOf(vector.frame(), 2 * length);
        System.arraycopy(vector.frame(), 0, both, length, length);
        final UnsafeBuffer buffer = new UnsafeBuffer(both);
        assertThat(decoder.frameLength(buffer, 0, 2 * length)).isEqualTo(length);
        assertThat(decoder.frameLength(buffer, length, length)).isEqualTo(length);
        assertThat(decodeAt(vector, decoder, buffer, 0)).isEqualTo(vector.expected());
        assertThat(decodeAt(vector, decoder, buffer, length)).isEqualTo(vector.expected());
    }

    @ParameterizedTest
    @MethodSource("frames")
    void shouldDecodeAFrameAfterAndAmidGarbage(final Vector vector) {
        final ProtocolDecoder decoder = vector.decoder();
        final Random random = new Random(vector.frame().length);
        for (int round = 0; round < 50; round++) {
            final int offset = random.nextInt(100);
            final byte[] garbage = new byte[offset + vector.frame().length + random.nextInt(100)];
            random.nextBytes(garbage);
            final FrameResult result =
                    vector.decode(decoder, garbage.clone(), batch).result();
            assertThat(result).as("garbage, round %d", round).isNotNull();
            System.arraycopy(vector.frame(), 0, garbage, offset, vector.frame().length);
            assertThat(decodeAt(vector, decoder, new UnsafeBuffer(garbage), offset))
                    .isEqualTo(vector.expected());
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void shouldNotAllocateOnceWarm(final Vector vector) {
        final ProtocolDecoder decoder = vector.decoder();
        final UnsafeBuffer buffer = new UnsafeBuffer(vector.frame());
        final DeviceSession session = new DeviceSession().reset(vector.sessionDevice(), vector.receivedTimeMs());
        run(decoder, buffer, session, WARM_UP);
        final var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        run(decoder, buffer, session, MEASURED);
        final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).as("bytes in %d frames", MEASURED).isLessThan(MEASURED);
    }

    /** Flips, cuts and missing logins of the vectors show which results a protocol gives; each needs a vector. */
    @ParameterizedTest
    @MethodSource("protocols")
    void shouldHaveAVectorForEveryResult(final Protocol protocol) {
        final List<Vector> vectors = vectorsOf(protocol);
        assertThat(vectors.stream().anyMatch(vector -> !vector.udp())).isEqualTo(protocol.tcp() != null);
        assertThat(vectors.stream().anyMatch(Vector::udp)).isEqualTo(protocol.udp() != null);
        final Set<FrameResult> given = EnumSet.noneOf(FrameResult.class);
        for (final Vector vector : vectors) {
            final ProtocolDecoder strict = vector.decoder();
            final ProtocolDecoder lenient = vector.decoder(new DecoderOptions(false, null));
            given.add(Decoding.of(strict, vector.frame(), ProtocolDecoder.NO_DEVICE, vector.receivedTimeMs(), batch)
                    .result());
            for (int bit = 0; bit < vector.frame().length * 8; bit++) {
                final byte[] damaged = vector.frame().clone();
                damaged[bit / 8] ^= (byte) (1 << (bit % 8));
                given.add(vector.decode(strict, damaged, batch).result());
                given.add(vector.decode(lenient, damaged, batch).result());
            }
        }
        final Set<FrameResult> shown = EnumSet.noneOf(FrameResult.class);
        vectors.forEach(vector -> shown.add(vector.expected().result()));
        assertThat(shown).as("results with a vector").containsAll(given);
    }

    static List<Vector> vectorsOf(final Protocol protocol) {
        final String resource = "/vectors/" + protocol.name() + ".jsonl";
        final URL url = ProtocolVectorsTest.class.getResource(resource);
        assertThat(url)
                .as("test resource %s of a registered protocol", resource)
                .isNotNull();
        final List<Vector> vectors = JsonLines.read(Path.of(URI.create(url.toString()))).stream()
                .map(line -> Vector.parse(protocol, line))
                .toList();
        assertThat(vectors).as(resource).isNotEmpty();
        return vectors;
    }

    private Decoding decodeAt(
            final Vector vector, final ProtocolDecoder decoder, final UnsafeBuffer buffer, final int offset) {
        return Decoding.of(
                decoder, buffer, offset, vector.frame().length, vector.sessionDevice(), vector.receivedTimeMs(), batch);
    }

    private void run(
            final ProtocolDecoder decoder, final UnsafeBuffer buffer, final DeviceSession session, final int times) {
        int sum = 0;
        for (int i = 0; i < times; i++) {
            sum += decoder.frameLength(buffer, 0, buffer.capacity());
            sum += (int) decoder.deviceId(buffer, 0, buffer.capacity());
            sum += decoder.decode(buffer, 0, buffer.capacity(), session, batch).isOk() ? 1 : 0;
        }
        assertThat(sum).isNotEqualTo(Integer.MIN_VALUE);
    }

    private static final class Remarks implements FieldTrace {
        private final Set<Integer> offsets = new HashSet<>();

        @Override
        public void field(final int offset, final int length, final String name, final long value, final String unit) {
            // Only remarks count.
        }

        @Override
        public void bytes(final int offset, final int length, final String name) {
            // Only remarks count.
        }

        @Override
        public void remark(final int offset, final String text) {
            offsets.add(offset);
        }
    }
}
