// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
    private static final long DAY_MS = 86_400_000;

    private final List<String> warnings = new ArrayList<>();
    private long wallMs = 1_795_478_400_000L;
    private long passedMs;
    private final ClockWatch watch = new ClockWatch(() -> wallMs, () -> passedMs * 1_000_000, warnings::add);

    @Test
    void shouldSayNothingOfAClockThatIsSlewed() {
        for (int second = 0; second < 1000; second++) {
            look(1000, second % 2 == 0 ? 400 : -400);
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void shouldSayOnceOfEveryStepHowLargeItWas() {
        look(1000, -10_000);
        look(1000, 0);
        assertThat(warnings).containsExactly("Our clock was set by -10 s.");
        look(1000, 40 * DAY_MS);
        look(1000, 0);
        assertThat(warnings).hasSize(2);
        assertThat(warnings.get(1)).contains("set by 3456000 s").contains("followed only forward");
        look(1000, -40 * DAY_MS);
        assertThat(warnings).hasSize(3);
    }

    private void look(final long ms, final long stepMs) {
        passedMs += ms;
        wallMs += ms + stepMs;
        watch.lookAtOurs();
    }
}
