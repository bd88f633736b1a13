// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.config;

import java.util.Collection;

/** Finds the word that someone who made a typing mistake may have meant. */
public final class Spelling {
    private Spelling() {}

    /**
     * Says what was probably meant.
     *
     * @param word    what was written.
     * @param allowed what may be written.
     * @return {@code " (did you mean X?)"}, or an empty text when nothing is near.
     */
    public static String suggestion(final String word, final Collection<String> allowed) {
        final String nearest = nearest(word, allowed);
        return nearest == null ? "" : " (did you mean " + nearest + "?)";
    }

    /**
     * What was probably meant.
     *
     * @param word    what was written.
     * @param allowed what may be written.
     * @return one of those, or null when nothing is near.
     */
    public static String nearest(final String word, final Collection<String> allowed) {
        String nearest = null;
        int least = Math.max(1, word.length() / 3) + 1;
        for (final String candidate : allowed) {
            final int distance = distance(word, candidate);
            if (distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        return nearest;
    }

    /** Damerau's distance in its restricted form: insertions, deletions, substitutions, swaps of neighbours. */
    private static int distance(final String a, final String b) {
        final int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                final int substitution = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                cost[i][j] = Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + substitution);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
