// SPDX-License-Identifier: Apache-2.0
package org.roadhaze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The queue's maker ships a jar that reports usage to a third party. A privacy engine must not carry it. */
class NoPhoneHomeTest {
    @Test
    void shouldNotHaveTheAnalyticsOfTheQueueOnTheClassPath() {
        assertThatThrownBy(() -> Class.forName("net.openhft.chronicle.analytics.Analytics"))
                .isInstanceOf(ClassNotFoundException.class);
        assertThat(System.getProperty("java.class.path")).doesNotContain("chronicle-analytics");
    }
}
