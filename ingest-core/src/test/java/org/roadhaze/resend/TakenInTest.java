// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.resend;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.roadhaze.position.Position;

/** The log of what was seen names a document by where the one before it lies; whoever reads the journal may not see that one. */
class TakenInTest {
    private static final byte[] KEY = new byte[RecordTags.KEY_LENGTH];
    private static final UnsafeBuffer FRAME = new UnsafeBuffer(new byte[0]);

    private final TakenIn taken = new TakenIn(KEY);

    private static Position record(final int number) {
        return new Position().deviceId(7).fixTimeMs(1_000L * number).receivedTimeMs(1_000L * number);
    }

    private static long[] tags(final int... numbers) {
        final RecordTags tags = new RecordTags(KEY);
        final long[] found = new long[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            found[i] = tags.of(record(numbers[i]), FRAME);
        }
        return found;
    }

    private boolean isNew(final int number) {
        return taken.isNew(record(number), FRAME);
    }

    @Test
    void shouldKnowADocumentWhoseOneBeforeWasDeletedOrIsDamaged() {
        taken.put(300, tags(4));
        taken.put(200, tags(3));
        taken.put(100, tags(2));
        taken.put(-1, tags(1));
        taken.beginDocument(200); // That at 100 was deleted.
        assertThat(isNew(2)).isTrue();
        taken.beginDocument(400); // That at 300 is damaged.
        assertThat(isNew(4)).isTrue();
        assertThat(isNew(3)).isFalse();
    }

    @Test
    void shouldTakeNoEntryOfAnotherForADocumentThatBroughtNothingNew() {
        taken.put(200, tags(3));
        taken.put(-1, tags(1, 2));
        taken.beginDocument(100);
        assertThat(isNew(1)).isTrue();
        taken.beginDocument(200); // Has no entry.
        assertThat(isNew(2)).isFalse();
        taken.beginDocument(300);
        assertThat(isNew(3)).isTrue();
    }

    @Test
    void shouldForgetEntriesOfDocumentsThatAreNotThereAnyMore() {
        taken.put(100, tags(5));
        taken.put(100, tags(4)); // Was to be where that of the one before now is.
        taken.put(900, tags(3)); // Of a journal that was taken away.
        taken.put(-1, tags(1));
        taken.beginDocument(100);
        assertThat(isNew(1)).isTrue();
        taken.beginDocument(200);
        assertThat(isNew(4)).isFalse();
        assertThat(isNew(5)).isTrue();
        taken.beginDocument(1_000);
        assertThat(isNew(3)).isFalse();
    }

    @Test
    void shouldSayHowFarItReaches() {
        taken.put(200, tags(3));
        assertThat(taken.reaches(300)).isTrue();
        assertThat(taken.reaches(200)).isFalse();
        assertThat(taken.isFirst(300)).isFalse();
        taken.put(-1, tags(1));
        assertThat(taken.reaches(100)).isTrue();
        assertThat(taken.isFirst(100)).isTrue();
        assertThat(taken.isFirst(300)).isFalse();
    }
}
