// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.resend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;

/** A record's tag names its content, and nothing of how it came. */
class RecordTagsTest {
    private static final byte[] KEY = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    private static final long KEY_0 = 0x0706050403020100L;
    private static final long KEY_1 = 0x0f0e0d0c0b0a0908L;

    private final RecordTags tags = new RecordTags(KEY);
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[100]);

    /** Of the messages "", 00 .. 07 and 00 .. 17 under the key 00 .. 0f; computed by an implementation of its own. */
    @Test
    void shouldBeSipHash13() {
        assertThat(RecordTags.sipHash(new long[0], 0, KEY_0, KEY_1)).isEqualTo(0xabac0158050fc4dcL);
        assertThat(RecordTags.sipHash(new long[] {0x0706050403020100L}, 1, KEY_0, KEY_1))
                .isEqualTo(0x369095118d299a8eL);
        assertThat(RecordTags.sipHash(
                        new long[] {0x0706050403020100L, 0x0f0e0d0c0b0a0908L, 0x1716151413121110L}, 3, KEY_0, KEY_1))
                .isEqualTo(0xf464aeb267349c8cL);
    }

    @Test
    void shouldTellRecordsApartByEveryField() {
        final Stream<Consumer<Position>> changes = Stream.of(
                p -> {},
                p -> p.deviceId(8),
                p -> p.fixTimeMs(1_790_000_000_001L),
                p -> p.latitudeE7(520_000_001),
                p -> p.longitudeE7(130_000_001),
                p -> p.altitudeCm(3_001),
                p -> p.speedCmPerSec(1_001),
                p -> p.courseCdeg(9_001),
                p -> p.hdopCenti(81),
                p -> p.satellites(10),
                p -> p.addFault(Position.FAULT_DEVICE_INVALID),
                p -> p.attribute(Attribute.IGNITION.key(), 0),
                p -> p.attribute(Attribute.IGNITION.key(), 1),
                p -> p.attribute(Attribute.ODOMETER.key(), 1),
                p -> p.attribute(Attribute.IGNITION.key(), 0).attribute(Attribute.ODOMETER.key(), 1),
                p -> p.attribute(Attribute.ODOMETER.key(), 1).attribute(Attribute.IGNITION.key(), 0));
        final Set<Long> seen = new HashSet<>();
        changes.forEach(change -> {
            final Position position = record();
            change.accept(position);
            assertThat(seen.add(tags.of(position, frame))).isTrue();
        });
        assertThat(seen).hasSize(16).doesNotContain(RecordTags.NONE);
    }

    @Test
    void shouldNotDependOnWhenARecordCameNorOnWhatWasTaggedBefore() {
        final long tag = tags.of(record(), frame);
        tags.of(record().latitudeE7(1), frame);
        assertThat(tags.of(record().receivedTimeMs(1).history(true), frame)).isEqualTo(tag);
        assertThat(new RecordTags(new byte[16]).of(record(), frame)).isNotEqualTo(tag);
    }

    @Test
    void shouldNameTextByWhatItSaysAndNotByWhereItStands() {
        frame.putStringWithoutLengthAscii(3, "WVWZZZ1JZXW000001");
        frame.putStringWithoutLengthAscii(40, "WVWZZZ1JZXW000001");
        frame.putStringWithoutLengthAscii(70, "WVWZZZ1JZXW000002");
        assertThat(text(40, 17))
                .isEqualTo(text(3, 17))
                .isNotEqualTo(text(70, 17))
                .isNotEqualTo(text(40, 16));
    }

    @Test
    void shouldRefuseAKeyOfAnotherLength() {
        assertThatThrownBy(() -> new RecordTags(new byte[15])).hasMessageContaining("15");
    }

    private long text(final int offset, final int length) {
        final int key = Attribute.BYTES | 256;
        return tags.of(record().attribute(key, (long) offset << 16 | length), frame);
    }

    private static Position record() {
        return new Position()
                .deviceId(7)
                .fixTimeMs(1_790_000_000_000L)
                .latitudeE7(520_000_000)
                .longitudeE7(130_000_000)
                .altitudeCm(3_000)
                .speedCmPerSec(1_000)
                .courseCdeg(9_000)
                .hdopCenti(80)
                .satellites(9);
    }
}
