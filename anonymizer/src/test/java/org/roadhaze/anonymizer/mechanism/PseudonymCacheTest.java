// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PseudonymCacheTest {
    private static final long DEAD = 512;
    private static final long LIVE = 1024;

    private final PseudonymCache cache = new PseudonymCache(1 << 10);

    private long pseudonymOf(final long deviceId, final long epoch) {
        final int entry = cache.find(deviceId, epoch);
        return entry == PseudonymCache.ABSENT ? 0 : cache.pseudonym(entry);
    }

    @Test
    void shouldKeepWhatWasPutByDeviceAndEpoch() {
        cache.put(1, 7, LIVE, 0x11);
        cache.put(2, 7, LIVE, 0x22);
        cache.put(1, 8, LIVE, 0x33);
        cache.put(1, 7, LIVE, 0x44);

        assertThat(pseudonymOf(1, 7)).isEqualTo(0x44);
        assertThat(pseudonymOf(2, 7)).isEqualTo(0x22);
        assertThat(pseudonymOf(1, 8)).isEqualTo(0x33);
        assertThat(pseudonymOf(2, 8)).isZero();
    }

    @Test
    void shouldEraseWhatDeadKeysMadeAndNothingElse() {
        for (long device = 1; device <= 100; device++) {
            cache.put(device, 7, DEAD, device);
            cache.put(device, 8, LIVE, device);
        }
        cache.eraseDead(serial -> serial == LIVE);

        assertThat(cache.count(serial -> serial != LIVE)).isZero();
        for (long device = 1; device <= 100; device++) {
            assertThat(cache.find(device, 7)).isEqualTo(PseudonymCache.ABSENT);
            assertThat(pseudonymOf(device, 8)).isEqualTo(device);
        }
    }

    @Test
    void shouldNotEraseAnEntryThatIsAnotherKeysByNow() {
        final int entry = cache.put(1, 7, DEAD, 0x11);
        cache.put(1, 7, LIVE, 0x22);
        cache.erase(entry, DEAD);

        assertThat(pseudonymOf(1, 7)).isEqualTo(0x22);
    }
}
