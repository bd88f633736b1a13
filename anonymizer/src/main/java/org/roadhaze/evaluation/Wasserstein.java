// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.Arrays;

/** How far apart two distributions are: the area between their cumulative distribution functions, in the values' unit. */
public final class Wasserstein {
    private Wasserstein() {}

    /**
     * The first Wasserstein distance of two samples, each of whose values weighs the same.
     *
     * @param one neither need be sorted, nor of the size of the other.
     * @return 0 for the same distribution; NaN if a sample is empty.
     */
    public static double distance(final double[] one, final double[] other) {
        if (one.length == 0 || other.length == 0) {
            return Double.NaN;
        }
        final double[] a = one.clone();
        final double[] b = other.clone();
        Arrays.sort(a);
        Arrays.sort(b);
        double area = 0;
        double from = Math.min(a[0], b[0]);
        for (int i = 0, j = 0; i < a.length || j < b.length; ) {
            final double to = j == b.length || (i < a.length && a[i] <= b[j]) ? a[i] : b[j];
            area += (to - from) * Math.abs((double) i / a.length - (double) j / b.length);
            from = to;
            if (j == b.length || (i < a.length && a[i] <= b[j])) {
                i++;
            } else {
                j++;
            }
        }
        return area;
    }
}
