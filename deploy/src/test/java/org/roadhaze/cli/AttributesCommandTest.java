// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.roadhaze.position.Attribute;

class AttributesCommandTest {
    private final CommandLineHarness roadhaze = new CommandLineHarness();

    @Test
    void shouldListEveryAttributeWithItsUnitAndHowItMayLeave() {
        assertThat(roadhaze.run("attributes")).isEqualTo(Exit.OK);
        assertThat(roadhaze.out().lines()).hasSize(1 + Attribute.values().length);
        assertThat(roadhaze.out().lines().map(line -> line.replaceAll(" +", " ")))
                .contains("speed km/h motion yes", "odometer m monotone in a bucket only", "vin - identifying never");
    }
}
