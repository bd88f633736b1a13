// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import com.uber.h3core.H3Core;
import com.uber.h3core.util.LatLng;

/**
 * Finds the H3 cell of a point: exactly what the native library says, mostly without asking it, since a call costs 0.5 to
 * 0.7 us.
 * <pre>
 *   square of the point --> up to three cells seen in that square --> outline of each --> inside: the answer
 *   (about half a cell's side)                                                       --> else:   ask the library
 * </pre>
 * Both tables have a fixed size, and forget what they have no room for. A square names the places of its cells in the other table:
 * should another cell have come there meanwhile, its outline alone says whether it is the answer. Nothing is allocated unless a
 * cell is described for the first time, or again after it was forgotten. Not thread safe.
 */
final class H3Index implements CellIndex {
    private static final int SQUARES = 1 << 15;
    private static final int CELLS_PER_SQUARE = 3;
    private static final int SQUARE_ENTRY = 1 + CELLS_PER_SQUARE;

    private static final int CELLS = 1 << 14;
    private static final int WAYS = 4;
    private static final int CENTRE = 1;
    private static final int OUTLINE = 2;
    private static final int CELL_ENTRY = OUTLINE + CellOutline.LENGTH;

    private static final double SIDE_E7_AT_RESOLUTION_0 = 1_281_256 / 0.0111195;
    private static final double SIDE_SHRINKS = Math.sqrt(7);

    private final H3Core h3 = H3Library.get();
    private final int resolution;
    private final int squareShift;
    /** Of a square: itself, and behind it where its cells are described, 0 for none. */
    private final long[] squares = new long[SQUARES * SQUARE_ENTRY];
    /** The first place is nobody's: 0 stands for no place. */
    private final long[] cells = new long[CELL_ENTRY + CELLS * CELL_ENTRY];

    private int victim;
    private int found;
    private long asked;

    /**
     * An index for one resolution.
     *
     * @param resolution in [0, 15].
     */
    H3Index(final int resolution) {
        this.resolution = resolution;
        final double sideE7 = SIDE_E7_AT_RESOLUTION_0 / Math.pow(SIDE_SHRINKS, resolution);
        squareShift = Math.max(0, (int) (Math.log(sideE7 / 2) / Math.log(2)));
    }

    @Override
    public long cellOf(final int latitudeE7, final int longitudeE7) {
        final long square = (long) (latitudeE7 >> squareShift) << 32 | ((longitudeE7 >> squareShift) & 0xFFFF_FFFFL);
        final int entry = (int) ((square * 0x9E3779B97F4A7C15L) >>> 49) * SQUARE_ENTRY;
        if (squares[entry] == square) {
            for (int i = 1; i <= CELLS_PER_SQUARE; i++) {
                final int cell = (int) squares[entry + i];
                if (cell != 0 && isInside(cell, latitudeE7, longitudeE7)) {
                    found = cell;
                    return cells[cell];
                }
            }
        }
        return ask(latitudeE7, longitudeE7, square, entry);
    }

    @Override
    public int centreLatitudeE7() {
        return (int) (cells[found + CENTRE] >> 32);
    }

    @Override
    public int centreLongitudeE7() {
        return (int) cells[found + CENTRE];
    }

    /** How often the library was asked. */
    long asked() {
        return asked;
    }

    private boolean isInside(final int entry, final int latitudeE7, final int longitudeE7) {
        final int end = entry + CELL_ENTRY;
        for (int i = entry + OUTLINE; i < end; i += 3) {
            if (cells[i] * latitudeE7 + cells[i + 1] * longitudeE7 + cells[i + 2] <= 0) {
                return false;
            }
        }
        return true;
    }

    private int entryOf(final long cell) {
        final int home = home(cell);
        for (int way = 0; way < WAYS; way++) {
            final int entry = entryAt(home + way);
            if (cells[entry] == cell) {
                return entry;
            }
        }
        return -1;
    }

    private long ask(final int latitudeE7, final int longitudeE7, final long square, final int squareEntry) {
        asked++;
        final long cell = h3.latLngToCell(latitudeE7 * 1e-7, longitudeE7 * 1e-7, resolution);
        final int entry = entryOf(cell);
        found = entry >= 0 ? entry : describe(cell);
        remember(found, square, squareEntry);
        return cell;
    }

    private int describe(final long cell) {
        final int home = home(cell);
        int entry = entryAt(home + (victim++ & (WAYS - 1)));
        for (int way = 0; way < WAYS; way++) {
            final int candidate = entryAt(home + way);
            if (cells[candidate] == 0) {
                entry = candidate;
                break;
            }
        }
        final LatLng centre = h3.cellToLatLng(cell);
        cells[entry] = cell;
        cells[entry + CENTRE] = Math.round(centre.lat * 1e7) << 32 | (Math.round(centre.lng * 1e7) & 0xFFFF_FFFFL);
        CellOutline.write(h3, cell, cells, entry + OUTLINE);
        return entry;
    }

    private void remember(final int cell, final long square, final int entry) {
        if (squares[entry] != square) {
            squares[entry] = square;
            squares[entry + 1] = 0;
            squares[entry + 2] = 0;
            squares[entry + 3] = 0;
        }
        for (int i = 1; i <= CELLS_PER_SQUARE; i++) {
            if (squares[entry + i] == cell) {
                return;
            }
            if (squares[entry + i] == 0) {
                squares[entry + i] = cell;
                return;
            }
        }
        squares[entry + CELLS_PER_SQUARE] = cell;
    }

    private static int entryAt(final int place) {
        return CELL_ENTRY + (place & (CELLS - 1)) * CELL_ENTRY;
    }

    private static int home(final long cell) {
        return (int) ((cell * 0x9E3779B97F4A7C15L) >>> 50);
    }
}
