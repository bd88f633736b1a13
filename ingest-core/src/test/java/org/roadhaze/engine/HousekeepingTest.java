// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HousekeepingTest {
    private final CountDownLatch stuck = new CountDownLatch(1);
    private final Housekeeping housekeeping = new Housekeeping();

    @AfterEach
    void end() {
        stuck.countDown();
        housekeeping.close();
    }

    @Test
    void shouldRunATaskWhileAllOthersAreStuck() throws InterruptedException {
        final AtomicInteger begun = new AtomicInteger();
        final AtomicInteger runs = new AtomicInteger();
        for (int i = 0; i < 4; i++) {
            housekeeping.every(1, () -> stick(begun));
        }
        await().until(() -> begun.get() == 4);
        housekeeping.every(1, runs::incrementAndGet);
        await().until(() -> runs.get() > 10);

        housekeeping.close();
        assertThat(housekeeping.awaitEnd(1)).as("four are at it still").isFalse();
        stuck.countDown();
        assertThat(housekeeping.awaitEnd(TimeUnit.SECONDS.toMillis(30))).isTrue();
        assertThat(begun).hasValue(4);
    }

    private void stick(final AtomicInteger begun) {
        begun.incrementAndGet();
        try {
            stuck.await();
        } catch (final InterruptedException e) {
            throw new AssertionError("nothing that is written may be interrupted", e);
        }
    }
}
