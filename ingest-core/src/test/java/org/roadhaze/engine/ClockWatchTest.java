// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
    private final List<String> warnings = new ArrayList<>();
    private final ClockWatch watch = new ClockWatch(warnings::add);

    @Test
    void shouldWarnOfEveryProtocolOnce() {
        watch.look(Map.of());
        assertThat(warnings).isEmpty();
        watch.look(Map.of("gt06/tcp", 3L));
        watch.look(Map.of("gt06/tcp", 4L));
        assertThat(warnings).singleElement().asString().contains("gt06/tcp", "3 so far", "5 min", "time-zone");
        watch.look(Map.of("gt06/tcp", 5L, "teltonika/udp", 1L));
        assertThat(warnings).hasSize(2).last().asString().contains("teltonika/udp", "1 so far");
    }
}
