// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;

class HeldFixesTest {
    private static final int ENTER = Attribute.GEOFENCE_ENTER.key();
    private static final int EXIT = Attribute.GEOFENCE_EXIT.key();
    private static final int IGNITION = Attribute.IGNITION.key();
    private static final int[] KEPT = {Attribute.SPEED.key(), IGNITION, ENTER, EXIT};

    private final HeldFixes held = new HeldFixes(KEPT, 100);
    private final Candidate candidate = new Candidate();

    private static Position fix() {
        return new Position().deviceId(7).fixTimeMs(5_000).latitudeE7(-1).longitudeE7(-2);
    }

    private int hold(final Position position) {
        return held.hold(candidate.reset(position));
    }

    private static List<String> attributes(final Position position) {
        final List<String> all = new ArrayList<>();
        for (int i = 0; i < position.attributeCount(); i++) {
            all.add(Attribute.labelOf(position.attributeKey(i)) + " " + position.attributeValue(i));
        }
        return all;
    }

    @Test
    void shouldGiveBackWhatLaterStepsLookAt() {
        candidate.reset(fix().speedCmPerSec(900).altitudeCm(4_000).attribute(IGNITION, 0));
        candidate.segment(77);
        candidate.stopDistanceCm(50_100);
        final Candidate loaded = held.load(held.hold(candidate));

        assertThat(loaded.position().deviceId()).isEqualTo(7);
        assertThat(loaded.position().fixTimeMs()).isEqualTo(5_000);
        assertThat(loaded.position().latitudeE7()).isEqualTo(-1);
        assertThat(loaded.position().longitudeE7()).isEqualTo(-2);
        assertThat(loaded.position().speedCmPerSec()).isEqualTo(900);
        assertThat(loaded.position().altitudeCm()).as("no step looks at it").isEqualTo(Position.UNKNOWN);
        assertThat(attributes(loaded.position())).containsExactly("ignition 0");
        assertThat(loaded.segment()).isEqualTo(77);
        assertThat(loaded.stopDistanceCm()).isEqualTo(50_100);
    }

    @Test
    void shouldKeepEveryValueOfAnAttributeThatAFixHasMoreThanOnce() {
        final int handle = hold(fix().attribute(ENTER, 1)
                .attribute(EXIT, 9)
                .attribute(ENTER, 3)
                .attribute(ENTER, 2)
                .attribute(EXIT, 8));

        assertThat(attributes(held.load(handle).position()))
                .filteredOn(one -> one.startsWith("geofenceEnter"))
                .containsExactly("geofenceEnter 1", "geofenceEnter 3", "geofenceEnter 2");
        assertThat(attributes(held.load(handle).position()))
                .filteredOn(one -> one.startsWith("geofenceExit"))
                .containsExactly("geofenceExit 9", "geofenceExit 8");
    }

    /** Fixes come and go, each with up to four of one attribute, and each comes back as it was. */
    @Test
    void shouldMixNothingUpAsFixesComeAndGo() {
        final Random random = new Random(1);
        final List<Integer> handles = new ArrayList<>();
        final List<List<String>> expected = new ArrayList<>();
        for (int round = 0; round < 20_000; round++) {
            if (handles.size() == 25 || (!handles.isEmpty() && random.nextBoolean())) {
                final int which = random.nextInt(handles.size());
                final int handle = handles.remove(which);
                assertThat(attributes(held.load(handle).position())).isEqualTo(expected.remove(which));
                held.free(handle);
            } else {
                final Position position = fix();
                final int values = random.nextInt(5);
                for (int i = 0; i < values; i++) {
                    position.attribute(ENTER, random.nextInt(1_000));
                }
                final int handle = hold(position);
                assertThat(handle).isNotEqualTo(HeldFixes.NONE);
                handles.add(handle);
                expected.add(attributes(position));
            }
        }
    }

    @Test
    void shouldHoldNothingOfAFixOfWhichItCannotHoldAll() {
        final HeldFixes small = new HeldFixes(KEPT, 2);
        final Position four = fix().attribute(ENTER, 1)
                .attribute(ENTER, 2)
                .attribute(ENTER, 3)
                .attribute(ENTER, 4);
        assertThat(small.hold(candidate.reset(four))).isEqualTo(HeldFixes.NONE);
        assertThat(small.size()).isZero();

        final Position three = fix().attribute(ENTER, 1).attribute(ENTER, 2).attribute(ENTER, 3);
        final int handle = small.hold(candidate.reset(three));
        assertThat(attributes(small.load(handle).position())).hasSize(3);
        assertThat(small.hold(candidate.reset(fix()))).isNotEqualTo(HeldFixes.NONE);
        assertThat(small.hold(candidate.reset(fix()))).isEqualTo(HeldFixes.NONE);
    }

    @Test
    void shouldOrderByTimeThenDeviceThenPlaceThenAttributes() {
        final List<Position> ascending = List.of(
                fix().fixTimeMs(4_999).deviceId(9),
                fix().deviceId(6).latitudeE7(5),
                fix().latitudeE7(-2),
                fix(),
                fix().attribute(IGNITION, 0),
                fix().attribute(IGNITION, 1),
                fix().attribute(IGNITION, 1).attribute(ENTER, 1),
                fix().attribute(IGNITION, 1).attribute(ENTER, 1).attribute(ENTER, 2),
                fix().attribute(IGNITION, 1).attribute(ENTER, 1).attribute(ENTER, 3),
                fix().longitudeE7(-1));
        final int[] handles = ascending.stream().mapToInt(this::hold).toArray();
        for (int i = 0; i < handles.length; i++) {
            for (int j = 0; j < handles.length; j++) {
                assertThat(Integer.signum(held.compare(handles[i], handles[j])))
                        .as("%d and %d", i, j)
                        .isEqualTo(Integer.compare(i, j));
            }
        }
        assertThat(held.compare(handles[3], hold(fix()))).as("alike").isZero();
    }

    /** What the first fixes do not have, links and findings, later ones may: those before keep what they have. */
    @Test
    void shouldKeepWhatIsHeldWhenLaterFixesHaveMore() {
        final HeldFixes many = new HeldFixes(KEPT, 5_000);
        for (int i = 0; i < 5_000; i++) {
            candidate.reset(fix().deviceId(i).attribute(IGNITION, i));
            candidate.segment(i >= 3_000 && i % 3 == 0 ? i : Candidate.NO_SEGMENT);
            candidate.stopDistanceCm(i >= 4_000 ? i : 0);
            assertThat(many.hold(candidate)).isEqualTo(i);
            if (i >= 2_000) {
                many.next(i, i - 1);
                many.kind(i, -i);
                many.mark(i, 10L * i);
            }
        }
        assertThat(many.hold(candidate)).isEqualTo(HeldFixes.NONE);
        for (int i = 0; i < 5_000; i++) {
            final Candidate loaded = many.load(i);
            assertThat(loaded.position().deviceId()).isEqualTo(i);
            assertThat(attributes(loaded.position())).containsExactly("ignition " + i);
            assertThat(loaded.segment()).isEqualTo(i >= 3_000 && i % 3 == 0 ? i : Candidate.NO_SEGMENT);
            assertThat(loaded.stopDistanceCm()).isEqualTo(i >= 4_000 ? i : 0);
            assertThat(many.next(i)).isEqualTo(i >= 2_000 ? i - 1 : HeldFixes.NONE);
            assertThat(many.kind(i)).isEqualTo(i >= 2_000 ? -i : 0);
            assertThat(many.mark(i)).isEqualTo(i >= 2_000 ? 10L * i : 0);
            assertThat(many.free(i)).isEqualTo(i >= 2_000 ? i - 1 : HeldFixes.NONE);
        }
        assertThat(many.size()).isZero();
        final int again = many.hold(candidate.reset(fix()));
        assertThat(many.next(again)).isEqualTo(HeldFixes.NONE);
        assertThat(many.kind(again)).isZero();
        assertThat(many.mark(again)).isZero();
        assertThat(many.load(again).segment()).isEqualTo(Candidate.NO_SEGMENT);
    }

    /** A limit that is no whole number of pages, with links that make every entry wider on the way. */
    @Test
    void shouldAllocateForNoMoreThanItsLimit() {
        final int limit = 11_300;
        final HeldFixes limited = new HeldFixes(KEPT, limit);
        final List<Integer> handles = new ArrayList<>();
        for (int i = 0; i < limit; i++) {
            handles.add(limited.hold(candidate.reset(fix().fixTimeMs(i))));
            assertThat(limited.capacity()).isBetween(i + 1, limit);
            if (i == limit / 2) {
                limited.next(handles.get(0), 5);
            }
        }
        assertThat(limited.hold(candidate.reset(fix()))).isEqualTo(HeldFixes.NONE);
        assertThat(limited.capacity()).isEqualTo(limit);
        for (int i = 0; i < limit; i++) {
            assertThat(limited.fixTimeMs(handles.get(i))).isEqualTo(i);
            assertThat(limited.next(handles.get(i))).isEqualTo(i == 0 ? 5 : HeldFixes.NONE);
        }
    }
}
