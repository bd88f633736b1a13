// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class AcknowledgementMailboxTest {
    private final AtomicInteger wakes = new AtomicInteger();
    private final AcknowledgementMailbox mailbox = new AcknowledgementMailbox(8, wakes::incrementAndGet);
    private final Origin origin = () -> mailbox;
    private final List<Integer> seen = new ArrayList<>();

    @Test
    void shouldShowNothingBeforePublish() {
        add(1);
        drain();
        assertThat(seen).isEmpty();
        publish();
        drain();
        assertThat(seen).containsExactly(1);
    }

    @Test
    void shouldWakeTheLoopOncePerNap() {
        add(1);
        publish();
        add(2);
        publish();
        assertThat(wakes).hasValue(1);
        drain();
        assertThat(seen).containsExactly(1, 2);
        publish();
        assertThat(wakes).hasValue(1);
        add(3);
        publish();
        assertThat(wakes).hasValue(2);
    }

    @Test
    void shouldShowWhatWasSealedAndNotWhatWasAddedSince() {
        add(1);
        mailbox.seal();
        final long seal = mailbox.sealed();
        add(2);
        mailbox.seal();
        drain();
        assertThat(seen).isEmpty();
        mailbox.publish(seal);
        drain();
        assertThat(seen).containsExactly(1);
        mailbox.publish(mailbox.sealed());
        drain();
        assertThat(seen).containsExactly(1, 2);
    }

    @Test
    void shouldCarryOrderOverManyLapsBetweenTwoThreads() throws InterruptedException {
        final int count = 200_000;
        final Thread producer = new Thread(() -> {
            for (int i = 0; i < count; i++) {
                while (mailbox.isFull()) {
                    publish();
                    Thread.onSpinWait();
                }
                add(i);
            }
            publish();
        });
        producer.start();
        while (seen.size() < count) {
            drain();
            Thread.onSpinWait();
        }
        producer.join();
        for (int i = 0; i < count; i++) {
            assertThat(seen.get(i)).isEqualTo(i);
        }
        assertThat(mailbox.isDrained()).isTrue();
    }

    @Test
    void shouldRefuseACapacityThatIsNoPowerOfTwo() {
        assertThatThrownBy(() -> new AcknowledgementMailbox(12, wakes::incrementAndGet))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("12");
    }

    private void publish() {
        mailbox.seal();
        mailbox.publish(mailbox.sealed());
    }

    private void add(final int value) {
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[4]);
        bytes.putInt(0, value);
        mailbox.add(origin, null, bytes, 0, 4);
    }

    private void drain() {
        mailbox.drain((from, address, buffer, length) -> {
            assertThat(from).isSameAs(origin);
            assertThat(length).isEqualTo(4);
            seen.add(buffer.getInt(0));
        });
    }
}
