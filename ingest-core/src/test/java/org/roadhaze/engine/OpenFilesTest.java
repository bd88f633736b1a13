// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.roadhaze.listener.ConnectionLimits;

class OpenFilesTest {
    @Test
    void shouldLetInNoMoreConnectionsThanThereAreFilesFor() {
        final ConnectionLimits limits = ConnectionLimits.DEFAULT;
        assertThat(OpenFiles.within(limits, limits.connections())).isSameAs(limits);
        final ConnectionLimits fewer = OpenFiles.within(limits, 500);
        assertThat(fewer.connections()).isEqualTo(500);
        assertThat(fewer.perAddress()).isEqualTo(limits.perAddress());
        assertThat(fewer.silence()).isEqualTo(limits.silence());
    }

    @Test
    void shouldKnowHowManyFilesThereAre() {
        assertThat(OpenFiles.forConnections()).isPositive();
    }
}
