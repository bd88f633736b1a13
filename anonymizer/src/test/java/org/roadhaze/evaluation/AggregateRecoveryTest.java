// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two who never leave their squares of a kilometre, ten windows of ten minutes. */
class AggregateRecoveryTest {
    private static final long WINDOW = 600_000;

    private static List<Track> tracks() {
        final Track.Builder near = Track.builder("a");
        final Track.Builder far = Track.builder("b");
        for (int i = 0; i < 100; i++) {
            near.add(i * WINDOW / 10, AttacksTest.degrees(400), 0);
            far.add(i * WINDOW / 10, AttacksTest.degrees(7600), 0);
        }
        return List.of(near.build(), far.build());
    }

    private static Published number(final int window, final double north, final int device, final long count) {
        return new Published(
                Published.NO_ID,
                window * WINDOW,
                AttacksTest.degrees(north),
                0,
                1,
                device,
                window * WINDOW,
                window * WINDOW,
                List.of(),
                Double.NaN,
                count);
    }

    @Test
    void shouldFollowNumbersFromCellToCell() {
        final List<Published> numbers = new ArrayList<>();
        for (int window = 0; window < 10; window++) {
            numbers.add(number(window, 500, Published.NO_DEVICE, 1));
            numbers.add(number(window, 7500, Published.NO_DEVICE, 1));
        }
        final AggregateRecovery found = AggregateRecovery.of(tracks(), numbers, 1);
        assertEquals(2, found.devices());
        assertEquals(1, found.recovered());
        assertTrue(found.byChance() >= 0.5 && found.byChance() < 1, () -> "by chance " + found.byChance());
        assertEquals(found, AggregateRecovery.of(tracks(), numbers, 1), "a second run of the same seed");
    }

    /** Records that leave one by one without an id are numbers, too: as many as a device has, in the mean, are one. */
    @Test
    void shouldCountRecordsWithoutAnId() {
        final List<Published> records = new ArrayList<>();
        for (int window = 0; window < 10; window++) {
            for (int i = 0; i < 3; i++) {
                records.add(number(window, 500, 0, 1));
                records.add(number(window, 7500, 1, 1));
            }
        }
        assertEquals(1, AggregateRecovery.of(tracks(), records, 1).recovered());
        records.replaceAll(record ->
                new Published(7, record.timeMs(), record.latitude(), 0, 1, record.trueDevice(), 0, 0, List.of()));
        assertEquals(0, AggregateRecovery.of(tracks(), records, 1).devices(), "ids are others' matter");
    }

    /** The second is never told of: half of the truth is missing. */
    @Test
    void shouldRecoverNothingThatIsNotTold() {
        final List<Published> numbers = new ArrayList<>();
        for (int window = 0; window < 10; window++) {
            numbers.add(number(window, 500, Published.NO_DEVICE, 2));
        }
        assertEquals(0.5, AggregateRecovery.of(tracks(), numbers, 1).recovered());
    }
}
