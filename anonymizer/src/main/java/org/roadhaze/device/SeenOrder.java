// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.device;

import java.util.Arrays;

/**
 * Places 1, 2, ... in the order in which they were seen last: a circle of links from the oldest to the newest, and around
 * again by way of place 0, which is nobody's.
 *
 * <p>The links lie in one array of eight bytes a place. Seeing a place writes those of its neighbours: links within the states
 * themselves would fetch two more of them from memory for every record. Not thread safe.
 */
final class SeenOrder {
    private static final int INITIAL_PLACES = 64;

    /** Of place p: the next newer one at 2p, the next older one at 2p + 1. Of place 0: the oldest and the newest. */
    private int[] links = new int[2 * INITIAL_PLACES];

    private int places;

    /**
     * Adds a place, the one seen last.
     *
     * @return its number, the next after that of the place added before.
     */
    int add() {
        final int place = ++places;
        if (2 * place == links.length) {
            links = Arrays.copyOf(links, 2 * links.length);
        }
        linkNewest(place);
        return place;
    }

    /** Makes a place the one seen last. */
    void see(final int place) {
        if (place != links[1]) {
            final int newer = links[2 * place];
            final int older = links[2 * place + 1];
            links[2 * newer + 1] = older;
            links[2 * older] = newer;
            linkNewest(place);
        }
    }

    /** The place not seen for longest; 0 when there is none. */
    int oldest() {
        return links[0];
    }

    private void linkNewest(final int place) {
        final int newest = links[1];
        links[2 * place] = 0;
        links[2 * place + 1] = newest;
        links[2 * newest] = place;
        links[1] = place;
    }
}
