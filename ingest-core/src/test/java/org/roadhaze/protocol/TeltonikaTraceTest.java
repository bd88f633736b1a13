// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.roadhaze.position.PositionBatch;

/** What a person is told about a frame: every byte of it, once and in order, and why it was refused. */
class TeltonikaTraceTest {
    private final Recorder recorder = new Recorder();
    private final PositionBatch batch = new PositionBatch();

    static Stream<Vector> vectors() {
        return ProtocolVectorsTest.vectorsOf(Protocols.byName("teltonika").orElseThrow()).stream();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void shouldTraceEveryByteOnceAndChangeNothing(final Vector vector) {
        final Decoding decoding =
                vector.decode(vector.decoder(new DecoderOptions(true, recorder)), vector.frame(), batch);
        assertThat(decoding).isEqualTo(vector.expected());
        if (decoding.result().isOk()) {
            assertThat(recorder.end).isEqualTo(vector.frame().length);
            assertThat(recorder.gaps).isEmpty();
        } else if (decoding.result() == FrameResult.CHECKSUM
                || decoding.result() == FrameResult.MALFORMED
                || decoding.result() == FrameResult.INCOMPLETE) {
            assertThat(batch.rejectedAtOffset()).isBetween(0, vector.frame().length);
            assertThat(recorder.remarkOffsets).contains(batch.rejectedAtOffset());
        }
    }

    private static final class Recorder implements FieldTrace {
        private final List<Integer> gaps = new ArrayList<>();
        private final List<Integer> remarkOffsets = new ArrayList<>();
        private int end;

        @Override
        public void field(final int offset, final int length, final String name, final long value, final String unit) {
            bytes(offset, length, name);
        }

        @Override
        public void bytes(final int offset, final int length, final String name) {
            if (offset != end) {
                gaps.add(offset);
            }
            end = offset + length;
        }

        @Override
        public void remark(final int offset, final String text) {
            remarkOffsets.add(offset);
        }
    }
}
