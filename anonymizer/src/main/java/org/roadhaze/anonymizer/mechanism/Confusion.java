// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

/**
 * How sure a tracker without a map can be which of some ended segments goes on in a new one (the uncertainty criterion of
 * Hoh, Gruteser, Xiong, Alrabady 2007, with a spread that grows with the silence).
 *
 * <p>For a segment that ended {@code t} seconds ago he expects the vehicle where it would roll to, and misses it by {@code
 * d} metres with a density that falls exponentially with them:
 * <pre>
 *   w = exp(-d / mu) / mu^2     mu = 50 m + 2.5 m/s * t, t at most the horizon
 *   p = w / (sum of all w)      confusion = -log2(largest p)
 * </pre>
 * That is min-entropy, which is never more than Shannon's: at {@code b} bits his best guess is right in one of {@code 2^b}
 * cases by his own model. It needs no logarithm, and does not ask which of the candidates is the true one: so it tells
 * nobody anything that the others do not tell.
 *
 * <p>Not thread safe: one mechanism's. Measured in {@code PolicyChainBenchmark}.
 */
final class Confusion {
    /** What a tracker misses a vehicle by at once. */
    private static final double FIRST_MISS_METRES = 50;

    /** How much more with every second: a mean over turns and lights, not a speed. */
    private static final double MISS_METRES_PER_SECOND = 2.5;

    /** Exponentials in steps of 1/32 up to e^-8; what is beyond is as good as nothing, and nothing is what the last of them says. */
    private static final int STEPS_PER_UNIT = 32;

    private static final int UNITS = 8;
    private static final int BEYOND = UNITS * STEPS_PER_UNIT + 1;
    private static final double[] EXPONENTIALS = new double[BEYOND + 1];

    static {
        for (int i = 0; i < BEYOND; i++) {
            EXPONENTIALS[i] = StrictMath.exp(-(double) i / STEPS_PER_UNIT);
        }
    }

    private static final double MOST_BY_SQUARE = 4 * StrictMath.exp(-2);

    private final double leastRatio;
    private final double[] steps = new double[MissColumns.CAPACITY];
    private final double[] perMus = new double[MissColumns.CAPACITY];
    private double sum;
    private double largest;

    /**
     * Asks for so much.
     *
     * @param bits at least 0.
     */
    Confusion(final double bits) {
        leastRatio = StrictMath.pow(2, bits);
    }

    void clear() {
        sum = 0;
        largest = 0;
    }

    /**
     * Takes a segment that could go on here.
     *
     * @param missMetres    how far from here a tracker expects its vehicle.
     * @param silentSeconds for how long it has been silent.
     */
    void add(final double missMetres, final double silentSeconds) {
        final double perMu = perMu(silentSeconds);
        weigh(missMetres * perMu * STEPS_PER_UNIT, perMu);
    }

    /**
     * Takes segments that could go on here, in their order.
     *
     * @param missMetres    of each as in {@link #add}.
     * @param silentSeconds of each as in {@link #add}.
     * @param count         how many, 0 to {@value MissColumns#CAPACITY}.
     */
    void addAll(final double[] missMetres, final double[] silentSeconds, final int count) {
        for (int i = 0; i < count; i++) { // Nothing that waits for the one before, see MissColumns.
            final double perMu = perMu(silentSeconds[i]);
            perMus[i] = perMu;
            steps[i] = missMetres[i] * perMu * STEPS_PER_UNIT;
        }
        for (int i = 0; i < count; i++) {
            weigh(steps[i], perMus[i]);
        }
    }

    private static double perMu(final double silentSeconds) {
        return 1 / (FIRST_MISS_METRES + MISS_METRES_PER_SECOND * silentSeconds);
    }

    private void weigh(final double step, final double perMu) {
        final double weight = EXPONENTIALS[Math.min((int) step, BEYOND)] * perMu * perMu;
        sum += weight;
        if (weight > largest) {
            largest = weight;
        }
    }

    /** Whether it is enough. */
    boolean isEnough() {
        return largest > 0 && sum >= leastRatio * largest;
    }

    /**
     * Whether it is enough, whatever else there is: a segment that misses by {@code d} weighs {@code exp(-2) / (d / 2)^2} at
     * most, which is for {@code mu = d / 2}; and one that weighs no more than the heaviest only adds.
     *
     * @param leastMissMetres what all others miss by at least, greater than 0.
     * @return true when none of them matters.
     */
    boolean isEnoughBeside(final double leastMissMetres) {
        final double most = MOST_BY_SQUARE / (leastMissMetres * leastMissMetres);
        return sum >= leastRatio * Math.max(largest, most);
    }

    /**
     * Whether it is not enough now, nor would be if all weighed so much together.
     *
     * @param mostSum of all weights, those that are not known yet included.
     * @return true when it takes more than that.
     */
    boolean needsMoreThan(final double mostSum) {
        return leastRatio * largest > Math.max(sum, mostSum);
    }

    /** The sum of all weights. */
    double sum() {
        return sum;
    }

    /** The confusion in bits; 0 when there is no candidate. */
    double bits() {
        return largest == 0 ? 0 : Math.log(sum / largest) / Math.log(2);
    }
}
