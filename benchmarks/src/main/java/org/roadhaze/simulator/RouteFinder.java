// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import java.util.Arrays;

/**
 * Finds the quickest way through a {@link StreetGrid} (Dijkstra, by driving time). Reuses its arrays. Not thread safe.
 */
final class RouteFinder {
    private static final int NODE_BITS = 12;
    private static final int NODE_MASK = (1 << NODE_BITS) - 1;
    private static final int NOT_REACHED = -1;

    private final StreetGrid grid;
    private final int[] costMs = new int[StreetGrid.NODES];
    private final int[] cameFrom = new int[StreetGrid.NODES];
    private final long[] heap = new long[StreetGrid.NODES * StreetGrid.DIRECTIONS + 1];
    private int heapSize;

    RouteFinder(final StreetGrid grid) {
        this.grid = grid;
    }

    /**
     * Finds a way.
     *
     * @param from a node.
     * @param to   a node.
     * @return the nodes from the first to the last, or an empty array when there is no way.
     */
    int[] find(final int from, final int to) {
        Arrays.fill(costMs, Integer.MAX_VALUE);
        Arrays.fill(cameFrom, NOT_REACHED);
        heapSize = 0;
        costMs[from] = 0;
        push(from);
        while (heapSize > 0) {
            final long least = pop();
            final int node = (int) (least & NODE_MASK);
            if (node == to) {
                return wayTo(to);
            }
            if (least >>> NODE_BITS == costMs[node]) {
                reachNeighbours(node);
            }
        }
        return new int[0];
    }

    private void reachNeighbours(final int node) {
        for (int direction = 0; direction < StreetGrid.DIRECTIONS; direction++) {
            final int next = grid.neighbour(node, direction);
            if (next != StreetGrid.NO_STREET) {
                final double seconds = grid.distanceMetres(node, next) / grid.limit(node, direction);
                final int cost = costMs[node] + (int) (1000 * seconds);
                if (cost < costMs[next]) {
                    costMs[next] = cost;
                    cameFrom[next] = node;
                    push(next);
                }
            }
        }
    }

    private int[] wayTo(final int to) {
        int length = 0;
        for (int node = to; node != NOT_REACHED; node = cameFrom[node]) {
            length++;
        }
        final int[] way = new int[length];
        for (int node = to; node != NOT_REACHED; node = cameFrom[node]) {
            way[--length] = node;
        }
        return way;
    }

    private void push(final int node) {
        final long entry = (long) costMs[node] << NODE_BITS | node;
        int at = ++heapSize;
        while (at > 1 && heap[at / 2] > entry) {
            heap[at] = heap[at / 2];
            at /= 2;
        }
        heap[at] = entry;
    }

    private long pop() {
        final long least = heap[1];
        final long last = heap[heapSize--];
        int at = 1;
        while (2 * at <= heapSize) {
            int child = 2 * at;
            if (child < heapSize && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= last) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = last;
        return least;
    }
}
