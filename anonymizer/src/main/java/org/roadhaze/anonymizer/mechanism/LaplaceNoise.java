// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import org.roadhaze.anonymizer.key.EpochRandom;

/**
 * Planar Laplace noise: a place at a distance r from the true one, in a direction that is uniform, where r has the density
 * {@code epsilon^2 r exp(-epsilon r)}, that is Gamma(2, 1 / epsilon); after Andrés, Bordenabe, Chatzikokolakis and Palamidessi,
 * "Geo-Indistinguishability" (2013). r is drawn by the inverse of its distribution, for which they use the branch -1 of
 * Lambert's W: {@code epsilon r = -W((p - 1) / e) - 1} with p uniform.
 *
 * <p>The distance is walked along a great circle, so that it is r exactly, wherever on the sphere. Against the plane that makes
 * the density at a distance d differ by a factor of (d / R) / sin(d / R): 1.00003 at 80 km, beyond which noise of the weakest
 * epsilon does not reach. p and the direction are multiples of 2^-53: r ends at 40 / epsilon, which less than one report in
 * 10^15 would pass; places are rounded to 1e-7 degrees, 11 mm, to each of which thousands of values of p and direction lead.
 *
 * <p>All functions are those of {@link StrictMath}, or series of our own, so that a record has one noise on every machine. One mechanism's.
 */
final class LaplaceNoise {
    private static final double RADIANS_PER_E7 = Math.PI / 180e7;
    private static final double EARTH_METRES = 6_371_008.8;
    /** Below this the series is more exact than the difference of two numbers that are nearly the same. */
    private static final double SMALL = 1e-3;
    /** Up to the powers 18 and 19. */
    private static final int TERMS = 10;

    private static final double[] SINE = new double[TERMS];
    private static final double[] COSINE = new double[TERMS];

    static {
        double factor = 1;
        for (int i = 0; i < TERMS; i++) {
            COSINE[i] = factor;
            SINE[i] = factor / (2 * i + 1);
            factor = -factor / ((2 * i + 1) * (2 * i + 2));
        }
    }

    private final EpochRandom random;
    private final double epsilonPerMetre;
    private int latitudeE7;
    private int longitudeE7;

    LaplaceNoise(final EpochRandom random, final double epsilonPerMetre) {
        this.random = random;
        this.epsilonPerMetre = epsilonPerMetre;
    }

    /**
     * Draws the noisy place: the same for the same time, device and place.
     *
     * @param timeMs  of the fix; there is a key for it.
     * @param device  whose it is.
     * @param trueLatitudeE7  degrees scaled by 1e7.
     * @param trueLongitudeE7 degrees scaled by 1e7.
     */
    void draw(final long timeMs, final long device, final int trueLatitudeE7, final int trueLongitudeE7) {
        // The place is part of the question: two fixes of one moment must not be moved by one and the same step.
        final long place = (long) trueLatitudeE7 << 32 | (trueLongitudeE7 & 0xFFFF_FFFFL);
        final double radius = radius(random.uniform(timeMs, device, place)) / epsilonPerMetre;
        final double turn = random.uniform(timeMs, device, ~place);
        walk(trueLatitudeE7 * RADIANS_PER_E7, trueLongitudeE7 * RADIANS_PER_E7, radius / EARTH_METRES, turn);
    }

    /** To where a great circle leads that leaves the place clockwise of north by that part of a full turn. */
    private void walk(final double latitude, final double longitude, final double angle, final double turn) {
        final double sine = sin(latitude);
        final double cosine = cos(latitude);
        final double far = sin(angle);
        final double near = cos(angle);
        final int quarters = (int) (4 * turn + 0.5);
        final double rest = 2 * Math.PI * (turn - quarters / 4.0);
        final double ahead = cosOfEighth(rest);
        final double aside = sinOfEighth(rest);
        final double north = far
                * switch (quarters & 3) {
                    case 0 -> ahead;
                    case 1 -> -aside;
                    case 2 -> -ahead;
                    default -> aside;
                };
        final double east = far
                * switch (quarters & 3) {
                    case 0 -> aside;
                    case 1 -> ahead;
                    case 2 -> -aside;
                    default -> -ahead;
                };
        final double up = near * sine + north * cosine;
        final double out = near * cosine - north * sine;
        latitudeE7 = (int) Math.round(StrictMath.atan2(up, StrictMath.sqrt(out * out + east * east)) / RADIANS_PER_E7);
        final double turned = longitude + StrictMath.atan2(east, out);
        final double wrapped =
                turned > Math.PI ? turned - 2 * Math.PI : turned < -Math.PI ? turned + 2 * Math.PI : turned;
        longitudeE7 = (int) Math.round(wrapped / RADIANS_PER_E7);
    }

    /** Of an angle from -90 to 90 degrees. */
    private static double sin(final double angle) {
        return Math.abs(angle) <= Math.PI / 4
                ? sinOfEighth(angle)
                : Math.copySign(cosOfEighth(Math.PI / 2 - Math.abs(angle)), angle);
    }

    private static double cos(final double angle) {
        return Math.abs(angle) <= Math.PI / 4 ? cosOfEighth(angle) : sinOfEighth(Math.PI / 2 - Math.abs(angle));
    }

    /**
     * Taylor's series, for up to 45 degrees either way, where what is left out is less than 1e-19. Those of StrictMath make an
     * array at each call from JDK 21 on.
     */
    private static double sinOfEighth(final double x) {
        final double z = x * x;
        double sum = 0;
        for (int i = SINE.length - 1; i >= 0; i--) {
            sum = sum * z + SINE[i];
        }
        return x * sum;
    }

    private static double cosOfEighth(final double x) {
        final double z = x * x;
        double sum = 0;
        for (int i = COSINE.length - 1; i >= 0; i--) {
            sum = sum * z + COSINE[i];
        }
        return sum;
    }

    /** Latitude of what was drawn last, degrees scaled by 1e7. */
    int latitudeE7() {
        return latitudeE7;
    }

    /** Longitude of what was drawn last, degrees scaled by 1e7. */
    int longitudeE7() {
        return longitudeE7;
    }

    /**
     * The distance that a share of all noise does not reach: {@code -W((p - 1) / e) - 1}, W the branch -1 of Lambert's.
     *
     * <p>With x for it, {@code (1 + x) exp(-x) = 1 - p}, so {@code x - log(1 + x) = -log(1 - p)}: that is solved by Newton's
     * method, which is stable where W itself, near its branch point, is not.
     *
     * @param p in [0, 1).
     * @return the distance, in units of 1 / epsilon.
     */
    static double radius(final double p) {
        final double target = -StrictMath.log1p(-p);
        final double s = StrictMath.sqrt(2 * target);
        // The inverse of s^2 / 2 = x - log(1 + x), as a series.
        final double small =
                s * (1 + s * (1 / 3.0 + s * (1 / 36.0 + s * (-1 / 270.0 + s * (1 / 4320.0 + s * (1 / 17010.0))))));
        if (target < SMALL) {
            return small;
        }
        double x = target < 2 ? small : target + StrictMath.log1p(target + StrictMath.log1p(target));
        for (int i = 0; i < 4; i++) {
            x -= (x - StrictMath.log1p(x) - target) * (1 + x) / x;
        }
        return x;
    }
}
