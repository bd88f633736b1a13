// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** A stream that follows its journal has nothing of what the journal does not have, and all of it in its order. */
class BehindJournalTest {
    private final Written written = new Written();
    private final BehindJournal stream = new BehindJournal(written);
    private final UnsafeBuffer records = new UnsafeBuffer(new byte[64]);

    /** Documents of up to three numbers. */
    private static final class Written implements StreamAppender {
        private final List<Long> numbers = new ArrayList<>();
        private final List<Long> document = new ArrayList<>();

        @Override
        public boolean hasRoom(final int sourceLength, final int count) {
            return document.size() + count <= 3;
        }

        @Override
        public void append(final DirectBuffer source, final int offset, final int sourceLength, final int count) {
            assertThat(hasRoom(sourceLength, count)).isTrue();
            for (int i = 0; i < count; i++) {
                document.add(source.getLong(offset + i * Long.BYTES));
            }
        }

        @Override
        public boolean isPending() {
            return !document.isEmpty();
        }

        @Override
        public void flush() {
            numbers.addAll(document);
            document.clear();
        }

        @Override
        public long lastDocument() {
            return 7;
        }

        @Override
        public void force() {}
    }

    private void add(final long first, final int count) {
        for (int i = 0; i < count; i++) {
            records.putLong(i * Long.BYTES, first + i);
        }
        stream.append(records, 0, count * Long.BYTES, count);
    }

    @Test
    void shouldAppendNothingBeforeTheRequestThatMakesItsCausesSafeIsDone() {
        add(1, 2);
        stream.flush();
        stream.seal(1);
        add(3, 1);
        stream.flush();
        stream.letGo(0);
        assertThat(written.numbers).isEmpty();
        assertThat(stream.isPending()).as("of this batch").isFalse();
        assertThat(stream.isEmpty()).isFalse();

        stream.letGo(1);
        assertThat(written.numbers).containsExactly(1L, 2L);
        stream.seal(2);
        stream.letGo(1);
        assertThat(written.numbers).containsExactly(1L, 2L);
        stream.letGo(2);
        assertThat(written.numbers).containsExactly(1L, 2L, 3L);
        assertThat(stream.isEmpty()).isTrue();
        assertThat(stream.lastDocument()).isEqualTo(7);
    }

    @Test
    void shouldKeepTheOrderWhateverIsDoneWhen() {
        for (long seed = 1; seed <= 200; seed++) {
            final SplittableRandom random = new SplittableRandom(seed);
            final Written own = new Written();
            final BehindJournal behind = new BehindJournal(own);
            final List<Long> sealedUpTo = new ArrayList<>(List.of(0L));
            long next = 1;
            long done = 0;
            for (int step = 0; step < 300; step++) {
                switch (random.nextInt(3)) {
                    case 0 -> {
                        final int count = 1 + random.nextInt(3);
                        for (int i = 0; i < count; i++) {
                            records.putLong(i * Long.BYTES, next + i);
                        }
                        behind.append(records, 0, count * Long.BYTES, count);
                        next += count;
                    }
                    case 1 -> {
                        behind.seal(sealedUpTo.size());
                        sealedUpTo.add(next - 1);
                    }
                    default -> {
                        done += random.nextLong(sealedUpTo.size() - done);
                        behind.letGo(done);
                    }
                }
                final int expected = sealedUpTo.get((int) done).intValue();
                assertThat(own.numbers).as("seed %d", seed).hasSizeLessThanOrEqualTo(expected);
            }
            behind.letGo(sealedUpTo.size());
            for (int i = 0; i < own.numbers.size(); i++) {
                assertThat(own.numbers.get(i)).as("seed %d", seed).isEqualTo(i + 1L);
            }
            assertThat((long) own.numbers.size()).isEqualTo(sealedUpTo.get(sealedUpTo.size() - 1));
        }
    }
}
