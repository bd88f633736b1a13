// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

/**
 * The cells of S2: the sphere projected to the six sides of a cube, each side cut into four as often as the level says, and the
 * quarters numbered along a Hilbert curve.
 * <pre>
 *  S2's id:         | face u3 | place on the curve, two bits a level | 1 | 0 ... |   64 bits
 *  the id that leaves:  | 0xE | the first 60 bits of S2's id                      |
 * </pre>
 * Written from S2's documentation (s2geometry.io, "S2 Cells" and the projections it defines), since the library for Java makes
 * objects for every point; the tests hold it to that library. WGS 84 latitudes are taken for those of a sphere, as S2 does
 * everywhere. One worker's.
 */
final class S2Index implements CellIndex {
    /** The finest level: cells some 50 cm wide. Up to 28 would leave room for the tag. */
    static final int MOST_LEVEL = 24;

    /** Steradians of the smallest cell of a level, times 4^level, however fine: S2's own figure for this projection. */
    static final double LEAST_STERADIANS = 8 * Math.sqrt(2) / 9;

    private static final double RADIANS_PER_E7 = Math.PI / 180e7;

    /** Which quarter comes when on the curve: by its orientation (1: axes swapped, 2: reversed), and by i and j. */
    private static final int[][] PLACE_OF = {{0, 1, 3, 2}, {0, 3, 1, 2}, {2, 3, 1, 0}, {2, 1, 3, 0}};

    /** How the curve within a quarter is turned against the one that it is part of. */
    private static final int[] TURN_OF = {1, 0, 0, 3};

    private final int level;
    private final int size;
    private int face;
    private int i;
    private int j;
    private double u;
    private double v;

    S2Index(final int level) {
        this.level = level;
        size = 1 << level;
    }

    @Override
    public long cellOf(final int latitudeE7, final int longitudeE7) {
        final double latitude = latitudeE7 * RADIANS_PER_E7;
        final double longitude = longitudeE7 * RADIANS_PER_E7;
        final double outwards = Math.cos(latitude);
        project(outwards * Math.cos(longitude), outwards * Math.sin(longitude), Math.sin(latitude));
        i = cut(u);
        j = cut(v);
        return CellSystem.ofS2(id());
    }

    /** To the side of the cube that the point is nearest to; u and v in [-1, 1]. */
    private void project(final double x, final double y, final double z) {
        final double absX = Math.abs(x);
        final double absY = Math.abs(y);
        final double absZ = Math.abs(z);
        if (absX > absY && absX > absZ) {
            face = x < 0 ? 3 : 0;
            u = (x < 0 ? z : y) / x;
            v = (x < 0 ? y : z) / x;
        } else if (absY > absZ) {
            face = y < 0 ? 4 : 1;
            u = y < 0 ? z / y : -x / y;
            v = y < 0 ? -x / y : z / y;
        } else {
            face = z < 0 ? 5 : 2;
            u = z < 0 ? -y / z : -x / z;
            v = z < 0 ? -x / z : -y / z;
        }
    }

    /** The quadratic projection, which makes cells more alike; then the number of the row or column. */
    private int cut(final double tangent) {
        final double part = tangent >= 0 ? 0.5 * Math.sqrt(1 + 3 * tangent) : 1 - 0.5 * Math.sqrt(1 - 3 * tangent);
        return Math.max(0, Math.min(size - 1, (int) (part * size)));
    }

    private long id() {
        long id = face;
        int turned = face & 1;
        for (int bit = level - 1; bit >= 0; bit--) {
            final int place = PLACE_OF[turned][((i >> bit) & 1) << 1 | ((j >> bit) & 1)];
            id = id << 2 | place;
            turned ^= TURN_OF[place];
        }
        return (id << 1 | 1) << (2 * (30 - level));
    }

    @Override
    public int centreLatitudeE7() {
        final double a = uncut(i);
        final double b = uncut(j);
        final double z =
                switch (face) {
                    case 0, 1 -> b;
                    case 2 -> 1;
                    case 3, 4 -> -a;
                    default -> -1;
                };
        // The three of them are 1, a and b in some order.
        return toE7(Math.asin(z / Math.sqrt(1 + a * a + b * b)));
    }

    @Override
    public int centreLongitudeE7() {
        final double a = uncut(i);
        final double b = uncut(j);
        // 0 - b, since -b may be -0.0, of which the arc tangent is half a turn less.
        return toE7(
                switch (face) {
                    case 0 -> Math.atan2(a, 1);
                    case 1 -> Math.atan2(1, 0 - a);
                    case 2 -> Math.atan2(0 - b, 0 - a);
                    case 3 -> Math.atan2(0 - b, -1);
                    case 4 -> Math.atan2(-1, b);
                    default -> Math.atan2(a, b);
                });
    }

    /** u or v in the middle of a row or column: the inverse of {@link #cut}. */
    private double uncut(final int number) {
        final double part = (number + 0.5) / size;
        return part >= 0.5 ? (4 * part * part - 1) / 3 : (1 - 4 * (1 - part) * (1 - part)) / 3;
    }

    private static int toE7(final double radians) {
        return (int) Math.round(radians / RADIANS_PER_E7);
    }
}
