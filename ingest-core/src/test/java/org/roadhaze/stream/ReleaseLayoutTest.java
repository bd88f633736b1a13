// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.position.Attribute;
import org.roadhaze.stream.sbe.MessageHeaderDecoder;
import org.roadhaze.stream.sbe.ReleasedDecoder;

/** What is written by concatenating records is what the schema's generated decoder reads. */
class ReleaseLayoutTest {
    @Test
    void shouldReadBackWithTheGeneratedDecoderWhatWasConcatenated() {
        final Random random = new Random(7001);
        final List<Release> releases = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            releases.add(randomRelease(random));
        }
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256 * 1024]);
        final int length = write(buffer, releases, "2026-11-24");

        final ReleasedDecoder decoder = new ReleasedDecoder();
        decoder.wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
        assertThat(decoder.policyHash()).isEqualTo(0x1122334455667788L);
        int index = 0;
        for (final ReleasedDecoder.RecordsDecoder record : decoder.records()) {
            final Release expected = releases.get(index++);
            assertThat(record.pseudonym()).isEqualTo(expected.pseudonym());
            assertThat(record.timeMs()).isEqualTo(expected.timeMs());
            assertThat(record.latitudeE7()).isEqualTo(expected.latitudeE7());
            assertThat(record.longitudeE7()).isEqualTo(expected.longitudeE7());
            assertThat(record.cell()).isEqualTo(expected.cell());
            int attribute = 0;
            for (final ReleasedDecoder.RecordsDecoder.AttributesDecoder each : record.attributes()) {
                assertThat((int) each.key()).isEqualTo(expected.attributeKey(attribute));
                assertThat(each.value()).isEqualTo(expected.attributeValue(attribute));
                attribute++;
            }
            assertThat(attribute).isEqualTo(expected.attributeCount());
        }
        assertThat(index).isEqualTo(releases.size());
        assertThat(decoder.policyVersion()).isEqualTo("2026-11-24");
        assertThat(decoder.limit()).isEqualTo(length);
    }

    @Test
    void shouldShowAnEmptyReleaseAsTheSchemasNulls() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        write(buffer, List.of(new Release()), "v");
        final ReleasedDecoder decoder = new ReleasedDecoder();
        decoder.wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
        final ReleasedDecoder.RecordsDecoder record = decoder.records().next();
        assertThat(record.pseudonym()).isEqualTo(ReleasedDecoder.RecordsDecoder.pseudonymNullValue());
        assertThat(record.timeMs()).isEqualTo(ReleasedDecoder.RecordsDecoder.timeMsNullValue());
        assertThat(record.latitudeE7()).isEqualTo(ReleasedDecoder.RecordsDecoder.latitudeE7NullValue());
        assertThat(record.longitudeE7()).isEqualTo(ReleasedDecoder.RecordsDecoder.longitudeE7NullValue());
        assertThat(record.cell()).isEqualTo(ReleasedDecoder.RecordsDecoder.cellNullValue());
    }

    private static int write(final UnsafeBuffer buffer, final List<Release> releases, final String version) {
        ReleaseLayout.putHead(buffer, 0x1122334455667788L, releases.size());
        int at = ReleaseLayout.HEAD_LENGTH;
        for (final Release release : releases) {
            ReleaseLayout.putRecord(buffer, at, release);
            at += ReleaseLayout.recordLength(release);
        }
        return at + ReleaseLayout.putTail(buffer, at, version.getBytes(StandardCharsets.US_ASCII));
    }

    private static Release randomRelease(final Random random) {
        final Release release = new Release();
        release.pseudonym(random.nextLong());
        release.timeMs(random.nextLong());
        release.coordinates(random.nextInt(), random.nextInt());
        release.cell(random.nextLong());
        for (int i = random.nextInt(20); i > 0; i--) {
            release.attribute(Attribute.ioKey(random.nextInt(65536)), random.nextLong());
        }
        return release;
    }
}
