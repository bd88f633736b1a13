// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceStatesTest {
    private static final class Seen extends DeviceState {
        private int times;

        @Override
        protected void reset() {
            times = 0;
        }
    }

    /** The law, against the map of the platform that orders by access. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 63, 64, 65, 500})
    void shouldForgetTheOneNotSeenForLongest(final int maxDevices) {
        final DeviceStates<Seen> states = new DeviceStates<>(maxDevices, Seen::new);
        final Map<Long, Integer> model = new LinkedHashMap<>(16, 0.75f, true);
        final Random random = new Random(maxDevices);
        long evictions = 0;

        for (int i = 0; i < 100_000; i++) {
            final long device = (long) Math.abs(random.nextGaussian() * maxDevices);
            if (!model.containsKey(device) && model.size() == maxDevices) {
                model.remove(model.keySet().iterator().next());
                evictions++;
            }
            model.merge(device, 1, Integer::sum);
            final Seen seen = states.of(device);
            seen.times++;

            assertThat(seen.deviceId()).isEqualTo(device);
            assertThat(seen.times).isEqualTo(model.get(device));
        }
        assertThat(states.size()).isEqualTo(model.size()).isEqualTo(maxDevices);
        assertThat(states.evictions()).isEqualTo(evictions).isPositive();
    }

    /** Two that share a table forget the same devices, though the one is asked for half of what the other is. */
    @Test
    void shouldForgetTogetherWhatShareATable() {
        final int maxDevices = 50;
        final DeviceTable table = new DeviceTable(maxDevices);
        final DeviceStates<Seen> often = new DeviceStates<>(table, Seen::new);
        final DeviceStates<Seen> seldom = new DeviceStates<>(table, Seen::new);
        final Map<Long, int[]> model = new LinkedHashMap<>(16, 0.75f, true);
        final Random random = new Random(1);

        for (int i = 0; i < 100_000; i++) {
            final long device = (long) Math.abs(random.nextGaussian() * maxDevices);
            if (!model.containsKey(device) && model.size() == maxDevices) {
                model.remove(model.keySet().iterator().next());
            }
            final int[] times = model.computeIfAbsent(device, key -> new int[2]);
            assertThat(often.of(device).times++).isEqualTo(times[0]++);
            if (random.nextBoolean()) {
                assertThat(seldom.of(device).times++).isEqualTo(times[1]++);
            }
        }
        assertThat(often.size()).isEqualTo(maxDevices);
        assertThat(often.evictions()).isPositive();
        assertThat(seldom.size()).isLessThanOrEqualTo(maxDevices);
        assertThat(seldom.evictions()).isPositive().isLessThan(often.evictions());
    }

    /** Who is looked for has not been seen by that, and who is not known does not become so. */
    @Test
    void shouldLookAheadAndSeeNobody() {
        final DeviceStates<Seen> states = new DeviceStates<>(2, Seen::new);
        final Seen first = states.of(1);
        final Seen second = states.of(2);

        states.lookAhead(new long[] {2, 3, 1}, 3);
        assertThat(states.ahead(0)).isSameAs(second);
        assertThat(states.ahead(1)).isNull();
        assertThat(states.ahead(2)).isSameAs(first);
        assertThat(states.size()).isEqualTo(2);

        states.lookAhead(new long[] {1}, 1);
        assertThat(states.of(3))
                .as("in the place of the one not seen for longest")
                .isSameAs(first);
        assertThat(states.evictions()).isOne();
    }

    @Test
    void shouldRefuseANumberOfDevicesOutOfRange() {
        assertThatThrownBy(() -> new DeviceStates<>(0, Seen::new))
                .hasMessage("maxDevices is 0, allowed: 1 to 10000000");
        assertThatThrownBy(() -> new DeviceStates<>(10_000_001, Seen::new)).hasMessageContaining("10000001");
    }
}
