// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.simulator.Ledger;
import org.roadhaze.stream.ReleaseLayout;
import org.roadhaze.stream.StreamWriter;

/** The checker finds what it is there to find. */
class BooksTest {
    private static final long NOW_MS = 1_790_000_000_000L;
    private static final long FIRST = 1_017_000_000_018L;
    private static final long SECOND = 1_017_000_000_026L;
    private static final int SHARED = 2;

    @TempDir
    private Path directory;

    @Test
    void shouldBalanceWhatIsThereOnceInOrderAndUnderItsName() throws IOException {
        keep("7:0 8:0 8:1 7:1 7:2 8:2 7:3");
        assertThat(books().assertBalanced("nothing")).extracting("promised").isEqualTo(7L);
    }

    @Test
    void shouldFindARecordThatIsMissing() throws IOException {
        keep("7:0 7:1 7:3 8:0 8:1 8:2");
        assertThat(books().balance().missing()).isEqualTo(1);
        assertRefused();
    }

    @Test
    void shouldFindARecordThatIsThereTwiceAndAllowItWhenToldTo() throws IOException {
        keep("7:0 7:1 7:1 7:2 7:3 8:0 8:1 8:2");
        assertThat(books().assertBalanced("sent again", Books.Allow.TWICE).twice())
                .isEqualTo(1);
        assertRefused();
    }

    @Test
    void shouldFindARecordThatNoDeviceSent() throws IOException {
        keep("7:0 7:1 7:2 7:3 7:9 8:0 8:1 8:2 9:9");
        assertThat(books().balance().foreign()).isEqualTo(2);
        assertRefused();
    }

    /** Counted without identity these would balance. */
    @Test
    void shouldFindARecordUnderTheNameOfAnotherDevice() throws IOException {
        keep("7:0 7:1 7:2 8:0 8:1 8:2 8:3");
        assertThat(books().balance().foreign()).isEqualTo(1);
        assertThat(books().balance().missing()).isEqualTo(1);
        assertRefused();
    }

    @Test
    void shouldFindADeviceWithTwoNamesInOneEpoch() throws IOException {
        keep("7:0 7:1 5:2 5:3 8:0 8:1 8:2");
        assertThat(books().balance().renamed()).isEqualTo(1);
        assertRefused();
    }

    @Test
    void shouldFindRecordsThatAreOutOfOrder() throws IOException {
        keep("7:0 7:2 7:1 7:3 8:0 8:1 8:2");
        assertThat(books().balance().outOfOrder()).isEqualTo(1);
        assertRefused();
    }

    private void assertRefused() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> books().assertBalanced("what was done"))
                .withMessageContaining("what was done");
    }

    /** Four records of one device and three of another, which were at the same place once. */
    private Books books() throws IOException {
        final Path file = directory.resolve("ledger");
        try (Ledger ledger = Ledger.create(file, true)) {
            for (int i = 0; i < 4; i++) {
                ledger.append(FIRST, timeOf(i), latitudeOf(FIRST, i), i, i);
                if (i < 3) {
                    ledger.append(SECOND, timeOf(i), latitudeOf(SECOND, i), i, i);
                }
            }
        }
        return new Books().promised(file).kept(directory, "all");
    }

    /** Pseudonym and number of each record; 7 and 5 are the first device's, others the second's. */
    private void keep(final String records) {
        final Release release = new Release();
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        try (StreamWriter writer = new StreamWriter(directory, "all", "test", 1, () -> NOW_MS)) {
            for (final String record : records.split(" ", -1)) {
                final int number = record.charAt(2) - '0';
                release.clear();
                release.pseudonym(record.charAt(0));
                release.timeMs(timeOf(number));
                release.coordinates(latitudeOf("75".indexOf(record.charAt(0)) >= 0 ? FIRST : SECOND, number), number);
                ReleaseLayout.putRecord(buffer, 0, release);
                writer.append(buffer, 0, ReleaseLayout.recordLength(release), 1);
            }
            writer.flush();
        }
    }

    private static long timeOf(final int number) {
        return NOW_MS + 1000L * number;
    }

    private static int latitudeOf(final long imei, final int number) {
        return number == SHARED ? 520_000_000 : (int) imei + number;
    }
}
