// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

/**
 * S2, worked out from its documentation, apart from the engine's own: a level is that of S2, 0 to 24. The id is S2's own,
 * shifted right by four bits, behind 0xE.
 */
enum S2Cells implements Tessellation {
    INSTANCE;

    private static final int TAG = 0xE;
    private static final int FINEST = 24;
    private static final int FACES = 6;
    private static final double RADIUS_KM = 6371.0088;

    /** The quarters as the curve comes by, i * 2 + j of each: as it is, with axes swapped, reversed, and both. */
    private static final int[][] CURVES = {{0, 1, 3, 2}, {0, 2, 3, 1}, {3, 2, 0, 1}, {3, 1, 0, 2}};

    private static final int[] TURNS = {1, 0, 0, 3};

    @Override
    public boolean has(final long cell) {
        final int zeros = Long.numberOfTrailingZeros(cell << 4);
        return cell >>> 60 == TAG && zeros % 2 == 0 && zeros < 64 && level(cell) <= FINEST && face(cell) < FACES;
    }

    @Override
    public int level(final long cell) {
        return 30 - Long.numberOfTrailingZeros(cell << 4) / 2;
    }

    private static int face(final long cell) {
        return (int) (cell << 4 >>> 61);
    }

    @Override
    public long cellOf(final double latitude, final double longitude, final int level) {
        final double[] p = {
            Math.cos(Math.toRadians(latitude)) * Math.cos(Math.toRadians(longitude)),
            Math.cos(Math.toRadians(latitude)) * Math.sin(Math.toRadians(longitude)),
            Math.sin(Math.toRadians(latitude))
        };
        int face = 0;
        for (int axis = 1; axis < 3; axis++) {
            face = Math.abs(p[axis]) > Math.abs(p[face]) ? axis : face;
        }
        face = p[face] < 0 ? face + 3 : face;
        final double[] uv = faceUv(face, p);
        final int i = part(uv[0], level);
        final int j = part(uv[1], level);
        long id = face;
        int curve = face % 2;
        for (int bit = level - 1; bit >= 0; bit--) {
            final int quarter = ((i >> bit) & 1) * 2 + ((j >> bit) & 1);
            int place = 0;
            while (CURVES[curve][place] != quarter) {
                place++;
            }
            id = id * 4 + place;
            curve ^= TURNS[place];
        }
        return ((long) TAG << 60) | ((id * 2 + 1) << (56 - 2 * level));
    }

    private static double[] faceUv(final int face, final double[] p) {
        return switch (face) {
            case 0 -> new double[] {p[1] / p[0], p[2] / p[0]};
            case 1 -> new double[] {-p[0] / p[1], p[2] / p[1]};
            case 2 -> new double[] {-p[0] / p[2], -p[1] / p[2]};
            case 3 -> new double[] {p[2] / p[0], p[1] / p[0]};
            case 4 -> new double[] {p[2] / p[1], -p[0] / p[1]};
            default -> new double[] {-p[1] / p[2], -p[0] / p[2]};
        };
    }

    private static int part(final double u, final int level) {
        final double s = u >= 0 ? Math.sqrt(1 + 3 * u) / 2 : 1 - Math.sqrt(1 - 3 * u) / 2;
        return (int) Math.min((1 << level) - 1.0, Math.max(0, Math.floor(s * (1 << level))));
    }

    /** A point of a cell: 0 is one side of it and 1 the other, both ways. */
    private double[] point(final long cell, final double across, final double along) {
        final int level = level(cell);
        int curve = face(cell) % 2;
        double i = 0;
        double j = 0;
        for (int bit = level - 1; bit >= 0; bit--) {
            final int place = (int) (cell >>> (57 - 2 * level + 2 * bit)) & 3;
            final int quarter = CURVES[curve][place];
            i = 2 * i + (quarter >> 1);
            j = 2 * j + (quarter & 1);
            curve ^= TURNS[place];
        }
        final double u = uv((i + across) / (1 << level));
        final double v = uv((j + along) / (1 << level));
        final double[] p =
                switch (face(cell)) {
                    case 0 -> new double[] {1, u, v};
                    case 1 -> new double[] {-u, 1, v};
                    case 2 -> new double[] {-u, -v, 1};
                    case 3 -> new double[] {-1, -v, -u};
                    case 4 -> new double[] {v, -1, -u};
                    default -> new double[] {v, u, -1};
                };
        final double length = Math.sqrt(1 + u * u + v * v);
        return new double[] {p[0] / length, p[1] / length, p[2] / length};
    }

    private static double uv(final double s) {
        return s >= 0.5 ? (4 * s * s - 1) / 3 : (1 - 4 * (1 - s) * (1 - s)) / 3;
    }

    @Override
    public double areaKm2(final long cell) {
        final double[] a = point(cell, 0, 0);
        final double[] c = point(cell, 1, 1);
        return RADIUS_KM * RADIUS_KM * (steradians(a, point(cell, 1, 0), c) + steradians(a, c, point(cell, 0, 1)));
    }

    /** Of a triangle: van Oosterom and Strackee 1983. */
    private static double steradians(final double[] a, final double[] b, final double[] c) {
        final double volume = a[0] * (b[1] * c[2] - b[2] * c[1])
                + a[1] * (b[2] * c[0] - b[0] * c[2])
                + a[2] * (b[0] * c[1] - b[1] * c[0]);
        return Math.abs(2 * Math.atan2(volume, 1 + dot(a, b) + dot(b, c) + dot(c, a)));
    }

    private static double dot(final double[] a, final double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }

    @Override
    public double centreLatitude(final long cell) {
        return Math.toDegrees(Math.asin(point(cell, 0.5, 0.5)[2]));
    }

    @Override
    public double centreLongitude(final long cell) {
        final double[] p = point(cell, 0.5, 0.5);
        return Math.toDegrees(Math.atan2(p[1], p[0]));
    }

    @Override
    public String name(final int level) {
        return "S2 level " + level;
    }
}
