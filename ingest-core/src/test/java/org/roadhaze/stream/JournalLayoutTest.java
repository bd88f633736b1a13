// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.roadhaze.stream.sbe.journal.MessageHeaderDecoder;
import org.roadhaze.stream.sbe.journal.MessageHeaderEncoder;
import org.roadhaze.stream.sbe.journal.SealedFramesDecoder;
import org.roadhaze.stream.sbe.journal.SealedFramesEncoder;

/** What is written by hand against what the code says that is generated from the schema. */
class JournalLayoutTest {
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);

    /** The check sum is found without knowing the layout. */
    @Test
    void shouldHaveItsCheckSumWhereReleasesHaveIt() {
        assertThat(MessageHeaderEncoder.ENCODED_LENGTH + SealedFramesEncoder.checksumEncodingOffset())
                .isEqualTo(ReleaseLayout.CHECKSUM);
        assertThat(JournalLayout.HEAD_LENGTH).isGreaterThanOrEqualTo(ReleaseLayout.CHECKSUM + Integer.BYTES);
    }

    @Test
    void shouldBeReadByTheDecoderOfTheSchema() {
        final byte[] sealed = "not really sealed".getBytes(StandardCharsets.US_ASCII);
        final byte[] version = "2026".getBytes(StandardCharsets.US_ASCII);
        JournalLayout.putHead(buffer, 42, 2);
        int at = JournalLayout.HEAD_LENGTH;
        for (int i = 0; i < 2; i++) {
            JournalLayout.putClear(buffer, at, 0x0102030405060708L, 0x090A0B0C0D0E0F10L, 5, -1, 7 + i, 9);
            JournalLayout.putSealed(buffer, at, sealed, sealed.length);
            at += JournalLayout.FRAME_HEAD_LENGTH + sealed.length;
        }
        at += ReleaseLayout.putTail(buffer, at, version);

        final SealedFramesDecoder document =
                new SealedFramesDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
        assertThat(document.policyHash()).isEqualTo(42);
        int count = 0;
        for (final SealedFramesDecoder.FramesDecoder frame : document.frames()) {
            for (int i = 0; i < SealedFramesDecoder.FramesDecoder.keyIdLength(); i++) {
                assertThat(frame.keyId(i)).isEqualTo((short) (i + 1));
            }
            assertThat(frame.keyEpoch()).isEqualTo(5);
            assertThat(frame.nonceStart()).isEqualTo(0xFFFF_FFFFL);
            assertThat(frame.nonceCount()).isEqualTo(7 + count);
            assertThat(frame.receivedTimeMs()).isEqualTo(9);
            final byte[] read = new byte[frame.sealedContentLength()];
            frame.getSealedContent(read, 0, read.length);
            assertThat(read).isEqualTo(sealed);
            count++;
        }
        assertThat(count).isEqualTo(2);
        assertThat(document.policyVersion()).isEqualTo("2026");
        assertThat(document.limit()).isEqualTo(at);
    }
}
