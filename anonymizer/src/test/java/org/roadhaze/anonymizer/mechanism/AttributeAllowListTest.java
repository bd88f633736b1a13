// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.mechanism.AttributeAllowList.Kept;
import org.roadhaze.anonymizer.mechanism.AttributeAllowList.Require;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Plausibility;
import org.roadhaze.position.Position;

class AttributeAllowListTest {
    @Test
    void shouldLetEventsOutAsOftenAsTheyHappenedAndAnythingElseOnce() {
        final int enter = Attribute.GEOFENCE_ENTER.key();
        final int distance = Attribute.TRIP_DISTANCE.key();
        final AttributeAllowList.Parameters parameters =
                new AttributeAllowList.Parameters(List.of(new Kept(enter, 1), new Kept(distance, 1_000)), Require.NONE);
        final StreamChain chain = new StreamChain("s", List.of(new AttributeAllowList(parameters)));
        final List<Long> left = new ArrayList<>();

        chain.offer(
                new Position()
                        .fixTimeMs(Plausibility.EARLIEST_MS)
                        .receivedTimeMs(Plausibility.EARLIEST_MS)
                        .latitudeE7(1)
                        .longitudeE7(1)
                        .attribute(enter, 3)
                        .attribute(distance, 1_499)
                        .attribute(enter, 4)
                        .attribute(distance, 2_999),
                (final Release release) -> {
                    for (int i = 0; i < release.attributeCount(); i++) {
                        left.add(release.attributeValue(i));
                    }
                });

        assertThat(left).containsExactly(3L, 4L, 1_000L);
    }

    @ParameterizedTest
    @EnumSource(Attribute.class)
    void shouldLetNothingThatCountsUpOutInAFinerStepThanItsLeast(final Attribute attribute) {
        final long least = attribute.leastBucket();

        assertThat(least > 1).isEqualTo(attribute.kind() == Attribute.Kind.MONOTONE);
        assertThat(new Kept(attribute.key(), least).bucket()).isEqualTo(least);
        assertThatThrownBy(() -> new Kept(attribute.key(), least - 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bucket of " + attribute.label() + ": found " + (least - 1) + ", allowed " + least
                        + " or more");
    }
}
