// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import org.roadhaze.anonymizer.key.EpochRandom;

/**
 * Two-sided geometric noise: the integer y with a probability in proportion to {@code exp(-|y| * denominator / numerator)}.
 *
 * <p>Sampled exactly, by whole numbers alone, from keyed bits: algorithms 1 and 2 of Canonne, Kamath and Steinke, "The
 * Discrete Gaussian for Differential Privacy" (2020). A real number that is rounded to a float leaves holes in what noise can
 * be, which tell what it was added to (Mironov 2012); Google's library rounds to a grid whose step is a power of two for that
 * reason. Here nothing is rounded: the values that noise is added to are whole numbers of a step of 2^0 or 2^-3, the noise is
 * a whole number of the same step, and so is their sum, with the probabilities above and no others.
 *
 * <p>How long a sample takes depends on chance, and tells of the noise what a clock can: it is taken when a window is closed,
 * with those of all cells. Not thread safe: one mechanism's.
 */
final class DiscreteLaplace {
    private final EpochRandom random;
    private final long numerator;
    private final long denominator;
    private long timeMs;
    private long subject;
    private long which;

    /**
     * Makes a sampler.
     *
     * @param random      where bits come from.
     * @param numerator   of the scale, in [1, 2^40].
     * @param denominator of the scale, in [1, 2^40].
     */
    DiscreteLaplace(final EpochRandom random, final long numerator, final long denominator) {
        this.random = random;
        final long divisor = greatestCommonDivisor(numerator, denominator);
        this.numerator = numerator / divisor;
        this.denominator = denominator / divisor;
    }

    /**
     * The noise of one value: always the same.
     *
     * @param ofMs   time of the value, whose epoch has a key.
     * @param ofWhat what the value is of.
     * @param first  the first of 2^32 numbers that no other use of the same key, time and subject has.
     * @return the noise.
     */
    long sample(final long ofMs, final long ofWhat, final long first) {
        timeMs = ofMs;
        subject = ofWhat;
        which = first;
        while (true) {
            final long fraction = below(numerator);
            if (!isExponential(fraction, numerator)) {
                continue;
            }
            long whole = 0;
            while (isExponential(1, 1)) {
                whole++;
            }
            final long magnitude = (fraction + numerator * whole) / denominator;
            final boolean negative = (next() & 1) != 0;
            if (!negative || magnitude != 0) {
                return negative ? -magnitude : magnitude;
            }
        }
    }

    /** How much must be added to reach a probability: the least m with P(noise at least m) at most that. */
    long tail(final double probability) {
        final double rate = (double) denominator / numerator;
        // P(y >= m) is q^m / (1 + q) for m >= 1, with q = exp(-rate).
        final double exact = Math.log(1 / (probability * (1 + Math.exp(-rate)))) / rate;
        return Math.max(1, (long) Math.ceil(exact + 1e-9 * Math.abs(exact)));
    }

    /** True with the probability exp(-over / under), over at most under. */
    private boolean isExponential(final long over, final long under) {
        long k = 1;
        while (below(under * k) < over) {
            k++;
        }
        return (k & 1) != 0;
    }

    /** Uniform in [0, bound): what would make the lower numbers likelier is drawn again. */
    private long below(final long bound) {
        if (bound == 1) {
            return 0;
        }
        final long mask = -1L >>> Long.numberOfLeadingZeros(bound - 1);
        while (true) {
            final long value = next() & mask;
            if (value < bound) {
                return value;
            }
        }
    }

    private long next() {
        return random.bits(timeMs, subject, which++);
    }

    private static long greatestCommonDivisor(final long a, final long b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
}
