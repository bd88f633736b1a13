// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** One-to-one assignment of rows to columns over the pairs that can be, each with a cost of at least 0. */
final class Assignment {
    /** Of a row that is left alone. */
    static final int NONE = -1;

    private Assignment() {}

    record Pair(int row, int column, double cost) {}

    /** The column of each row, or {@link #NONE}: always the cheapest pair of which both are still free. */
    static int[] greedy(final int rows, final int columns, final List<Pair> pairs) {
        final int[] columnOf = unassigned(rows);
        final boolean[] taken = new boolean[columns];
        pairs.stream().sorted(Comparator.comparingDouble(Pair::cost)).forEach(pair -> {
            if (columnOf[pair.row()] == NONE && !taken[pair.column()]) {
                columnOf[pair.row()] = pair.column();
                taken[pair.column()] = true;
            }
        });
        return columnOf;
    }

    /**
     * The column of each row, or {@link #NONE}, so that the sum of costs is least, where a row left alone costs
     * {@code alone}: shortest augmenting paths over the pairs that there are (Jonker and Volgenant), which ends a path at
     * the first column that is free and so stays local where the pairs are.
     */
    static int[] optimal(final int rows, final int columns, final List<Pair> pairs, final double alone) {
        final int[] start = new int[rows + 1];
        pairs.forEach(pair -> start[pair.row() + 1]++);
        Arrays.parallelPrefix(start, Integer::sum);
        final int[] fill = Arrays.copyOf(start, rows);
        final Pair[] byRow = new Pair[pairs.size()];
        pairs.forEach(pair -> byRow[fill[pair.row()]++] = pair);
        return new Paths(rows, columns, start, byRow, alone).solve();
    }

    private static int[] unassigned(final int rows) {
        final int[] columnOf = new int[rows];
        Arrays.fill(columnOf, NONE);
        return columnOf;
    }

    /** Column {@code columns + row} is the row's own way to be left alone. */
    private static final class Paths {
        private final int columns;
        private final int[] start;
        private final Pair[] byRow;
        private final double alone;
        private final int[] columnOf;
        private final int[] rowOf;
        private final double[] potential;
        private final double[] distance;
        private final int[] from;
        private final boolean[] done;
        private final int[] touched;
        private int touchedCount;

        Paths(final int rows, final int columns, final int[] start, final Pair[] byRow, final double alone) {
            this.columns = columns;
            this.start = start;
            this.byRow = byRow;
            this.alone = alone;
            columnOf = unassigned(rows);
            rowOf = unassigned(columns + rows);
            potential = new double[columns + rows];
            distance = new double[columns + rows];
            Arrays.fill(distance, Double.POSITIVE_INFINITY);
            from = new int[columns + rows];
            done = new boolean[columns + rows];
            touched = new int[columns + rows];
        }

        int[] solve() {
            for (int row = 0; row < columnOf.length; row++) {
                augment(row);
            }
            for (int row = 0; row < columnOf.length; row++) {
                if (columnOf[row] >= columns) {
                    columnOf[row] = NONE;
                }
            }
            return columnOf;
        }

        private void augment(final int first) {
            final PriorityQueue<double[]> queue = new PriorityQueue<>(Comparator.comparingDouble(entry -> entry[0]));
            relax(first, 0, queue);
            int end = NONE;
            double length = 0;
            while (end == NONE) {
                // Never empty: a row's own column is always reachable and, until a path ends there, free.
                final double[] nearest = queue.remove();
                final int column = (int) nearest[1];
                if (done[column]) {
                    continue;
                }
                done[column] = true;
                length = distance[column];
                if (rowOf[column] == NONE) {
                    end = column;
                } else {
                    relax(rowOf[column], length, queue);
                }
            }
            for (int i = 0; i < touchedCount; i++) {
                final int column = touched[i];
                if (done[column]) {
                    potential[column] += distance[column] - length;
                    done[column] = false;
                }
                distance[column] = Double.POSITIVE_INFINITY;
            }
            touchedCount = 0;
            flip(first, end);
        }

        private void flip(final int first, final int end) {
            int column = end;
            int row;
            do {
                row = from[column];
                final int previous = columnOf[row];
                columnOf[row] = column;
                rowOf[column] = row;
                column = previous;
            } while (row != first);
        }

        private void relax(final int row, final double length, final PriorityQueue<double[]> queue) {
            // What the assigned pair costs after the potentials: the path goes back over it for nothing.
            final double base = columnOf[row] == NONE ? 0 : reduced(row, columnOf[row]);
            for (int i = start[row]; i < start[row + 1]; i++) {
                reach(row, byRow[i].column(), length + byRow[i].cost() - potential[byRow[i].column()] - base, queue);
            }
            reach(row, columns + row, length + alone - potential[columns + row] - base, queue);
        }

        private double reduced(final int row, final int column) {
            if (column >= columns) {
                return alone - potential[column];
            }
            for (int i = start[row]; i < start[row + 1]; i++) {
                if (byRow[i].column() == column) {
                    return byRow[i].cost() - potential[column];
                }
            }
            throw new IllegalStateException("no such pair");
        }

        private void reach(final int row, final int column, final double length, final PriorityQueue<double[]> queue) {
            if (!done[column] && length < distance[column]) {
                if (distance[column] == Double.POSITIVE_INFINITY) {
                    touched[touchedCount++] = column;
                }
                distance[column] = length;
                from[column] = row;
                queue.add(new double[] {length, column});
            }
        }
    }
}
