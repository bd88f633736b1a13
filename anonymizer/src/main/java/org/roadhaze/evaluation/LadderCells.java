// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

/**
 * The square cells of the crowd ladder, worked out anew from how the record's schema describes them: 1251 bands of equal
 * height from the south pole, each of as many columns, from 180 degrees west, as make a cell about as wide as it is high
 * (16 km) on the mean sphere; and seven times halved both ways. A level is how often two halves are put together again: 0 for
 * cells of 125 m, 7 for 16 km.
 *
 * <pre>
 *   63..60  59..56  55......28  27.......0
 *  | 0xC   | level | row       | column   |
 * </pre>
 */
enum LadderCells implements Tessellation {
    INSTANCE;

    static final int LEVELS = 8;
    private static final int HALVINGS = LEVELS - 1;
    private static final int BANDS = 1251;
    private static final double RADIUS_KM = 6371.0088;
    private static final double BAND_KM = 16;
    private static final int TAG = 0xC;
    private static final int FIELD = (1 << 28) - 1;

    /** The step of degrees that records have; the northernmost of them belongs to the last row. */
    private static final double STEP = 1e-7;

    /**
     * The level of cells of a width.
     *
     * @param metres 125, or that times a power of two, up to 16000.
     */
    static int levelOf(final double metres) {
        return (int) Math.round(Math.log(metres / 125) / Math.log(2));
    }

    @Override
    public boolean has(final long cell) {
        return cell >>> 60 == TAG
                && level(cell) < LEVELS
                && row(cell) << level(cell) < (long) BANDS << HALVINGS
                && column(cell) << level(cell) < columns(band(cell));
    }

    @Override
    public int level(final long cell) {
        return (int) (cell >>> 56) & 0xF;
    }

    private static long row(final long cell) {
        return cell >>> 28 & FIELD;
    }

    private static long column(final long cell) {
        return cell & FIELD;
    }

    private int band(final long cell) {
        return (int) (row(cell) >> (HALVINGS - level(cell)));
    }

    /** Columns of a band at the finest level. */
    private static long columns(final int band) {
        final double middle = Math.PI * ((band + 0.5) / BANDS - 0.5);
        final long wide = Math.round(2 * Math.PI * RADIUS_KM * Math.cos(middle) / BAND_KM);
        return Math.max(1, wide) << HALVINGS;
    }

    @Override
    public long cellOf(final double latitude, final double longitude, final int level) {
        final long north = Math.round((latitude + 90) / STEP);
        final long east = Math.round((longitude + 180) / STEP) % Math.round(360 / STEP);
        final long row = north * ((long) BANDS << HALVINGS) / (Math.round(180 / STEP) + 1);
        final long column = east * columns((int) (row >> HALVINGS)) / Math.round(360 / STEP);
        return ((long) TAG << 60) | ((long) level << 56) | ((row >> level) << 28) | (column >> level);
    }

    @Override
    public double areaKm2(final long cell) {
        final double height = Math.sin(Math.toRadians(south(cell, 1))) - Math.sin(Math.toRadians(south(cell, 0)));
        return RADIUS_KM * RADIUS_KM * height * Math.toRadians(west(cell, 1) - west(cell, 0));
    }

    /** Latitude of the southern edge of the cell that many rows farther north. */
    private double south(final long cell, final int more) {
        return ((row(cell) + more) << level(cell)) * 180.0 / ((long) BANDS << HALVINGS) - 90;
    }

    private double west(final long cell, final int more) {
        return ((column(cell) + more) << level(cell)) * 360.0 / columns(band(cell)) - 180;
    }

    @Override
    public double centreLatitude(final long cell) {
        return (south(cell, 0) + south(cell, 1)) / 2;
    }

    @Override
    public double centreLongitude(final long cell) {
        return (west(cell, 0) + west(cell, 1)) / 2;
    }

    @Override
    public String name(final int level) {
        return "squares of " + (125 << level) + " m";
    }
}
