// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * What is kept of each record of a stream, in columns (56 bytes each), and the fixes that it may come from: those of its
 * place and its step of time.
 */
final class Records {
    private final Places places;
    private final TruthIndex index;
    private int size;
    private long[] documents = new long[64];
    private long[] ordinals = new long[64];
    private long[] ids = new long[64];
    private long[] timesMs = new long[64];
    private double[] latitudes = new double[64];
    private double[] longitudes = new double[64];
    private long[] cells = new long[64];

    Records(final Places places, final TruthIndex index) {
        this.places = places;
        this.index = index;
    }

    /** Keeps a record. One that tells centres alone is given the cell of that centre, where there is one. */
    void add(final Observed record) {
        if (size == ids.length) {
            grow();
        }
        documents[size] = record.index();
        ordinals[size] = record.ordinal();
        ids[size] = record.id();
        timesMs[size] = record.timeMs();
        latitudes[size] = record.latitude();
        longitudes[size] = record.longitude();
        cells[size] = record.cell();
        if (record.cell() == Observed.NO_CELL
                && record.hasCoordinates()
                && places.system() != null
                && !places.moved()) {
            places.levelOfCentre(record.latitude(), record.longitude())
                    .ifPresent(level ->
                            cells[size] = places.system().cellOf(record.latitude(), record.longitude(), level));
        }
        size++;
    }

    private void grow() {
        documents = Arrays.copyOf(documents, 2 * size);
        ordinals = Arrays.copyOf(ordinals, 2 * size);
        ids = Arrays.copyOf(ids, 2 * size);
        timesMs = Arrays.copyOf(timesMs, 2 * size);
        latitudes = Arrays.copyOf(latitudes, 2 * size);
        longitudes = Arrays.copyOf(longitudes, 2 * size);
        cells = Arrays.copyOf(cells, 2 * size);
    }

    int size() {
        return size;
    }

    long id(final int record) {
        return ids[record];
    }

    long cell(final int record) {
        return cells[record];
    }

    /** A violation of a promise by a record. */
    void broken(final Tally tally, final int record, final String found) {
        tally.broken(documents[record], ordinals[record], found);
    }

    /** The fixes that a record may come from, by number in the truth, ascending. */
    void forEachFix(final int record, final IntConsumer fixes) {
        if (cells[record] != Observed.NO_CELL) {
            Tessellation.of(cells[record])
                    .ifPresent(system -> index.inCell(system, cells[record], timesMs[record], fixes));
        } else if (Double.isNaN(latitudes[record]) || places.moved()) {
            index.anywhere(timesMs[record], fixes);
        } else {
            index.at(latitudes[record], longitudes[record], timesMs[record], fixes);
        }
    }
}
