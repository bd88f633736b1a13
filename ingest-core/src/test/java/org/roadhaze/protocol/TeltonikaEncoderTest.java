// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Writes the example packets of the maker's "Teltonika Data Sending Protocols" byte for byte. */
class TeltonikaEncoderTest {
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64 * 1024]);
    private final TeltonikaEncoder encoder = new TeltonikaEncoder();

    @Test
    void shouldWriteTheMakersLogin() {
        assertThat(hex(encoder.encodeLogin(buffer, 0, 356307042441013L)))
                .isEqualTo("000f333536333037303432343431303133");
    }

    @Test
    void shouldWriteTheMakersCodec8Packet() {
        encoder.begin(buffer, 0, TeltonikaEncoder.CODEC_8);
        encoder.record(1560161086000L, 0, 0, 0, 0, 0, 0).event(1, 1, 0);
        encoder.io(21, 1, 3).io(1, 1, 1).io(66, 2, 0x5E0F).io(241, 4, 24602).io(78, 8, 0);
        assertThat(hex(encoder.end()))
                .isEqualTo("000000000000003608010000016b40d8ea30010000000000000000000000000000000105021503010101"
                        + "425e0f01f10000601a014e0000000000000000010000c7cf");
    }

    @Test
    void shouldWriteTheMakersCodec8PacketOfTwoRecords() {
        encoder.begin(buffer, 0, TeltonikaEncoder.CODEC_8);
        encoder.record(1560160861000L, 0, 0, 0, 0, 0, 0).event(1, 1, 0).io(1, 1, 0);
        encoder.record(1560160879000L, 0, 0, 0, 0, 0, 0).event(1, 1, 0).io(1, 1, 1);
        assertThat(hex(encoder.end()))
                .isEqualTo("000000000000004308020000016b40d57b480100000000000000000000000000000001010101000000000000"
                        + "016b40d5c198010000000000000000000000000000000101010101000000020000252c");
    }

    @Test
    void shouldWriteTheMakersCodec8ExtendedDatagram() {
        encoder.beginDatagram(buffer, 0, TeltonikaEncoder.CODEC_8_EXTENDED, 352093086403655L, 0xCAFE, 7);
        encoder.record(1560407121000L, 0, 0, 0, 0, 0, 0).event(1, 1, 0);
        encoder.io(1, 1, 1)
                .io(17, 2, 157)
                .io(16, 4, 22949000)
                .io(11, 8, 893700218)
                .io(14, 8, 500686954);
        assertThat(hex(encoder.end()))
                .isEqualTo("005fcafe0107000f3335323039333038363430333635358e010000016b4f831c680100000000000000000000"
                        + "000000000000010005000100010100010011009d00010010015e2c880002000b000000003544c87a000e00000000"
                        + "1dd7e06a000001");
    }

    @Test
    void shouldWriteTheMakersCodec16Packet() {
        encoder.begin(buffer, 0, TeltonikaEncoder.CODEC_16);
        encoder.record(1562760414000L, 0, 0, 0, 0, 0, 0).event(0, 11, 5);
        encoder.io(1, 1, 0).io(3, 1, 0).io(11, 2, 39).io(66, 2, 22074);
        encoder.record(1562760415000L, 0, 0, 0, 0, 0, 0).event(0, 11, 5);
        encoder.io(1, 1, 0).io(3, 1, 0).io(11, 2, 38).io(66, 2, 22074);
        assertThat(hex(encoder.end()))
                .isEqualTo("000000000000005f10020000016bdbc7833000000000000000000000000000000000000b05040200010000"
                        + "030002000b00270042563a00000000016bdbc7871800000000000000000000000000000000000b05040200010000"
                        + "030002000b00260042563a00000200005fb3");
    }

    @Test
    void shouldRefuseWhatTheWireCannotCarry() {
        assertThatIllegalArgumentException().isThrownBy(() -> encoder.begin(buffer, 0, 9));
        encoder.begin(buffer, 0, TeltonikaEncoder.CODEC_8).record(0, 0, 0, 0, 0, 0, 0);
        assertThatIllegalArgumentException().isThrownBy(() -> encoder.io(1, 3, 0));
        assertThatIllegalStateException().isThrownBy(() -> encoder.io(1, buffer, 0, 4));
        encoder.io(1, 4, 0);
        assertThatIllegalArgumentException().isThrownBy(() -> encoder.io(1, 2, 0));
    }

    private String hex(final int length) {
        return HexFormat.of().formatHex(buffer.byteArray(), 0, length);
    }
}
