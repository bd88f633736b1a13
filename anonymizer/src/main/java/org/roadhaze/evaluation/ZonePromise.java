// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

/**
 * How far from the places at which its device stays longest a fix is, once these are known.
 *
 * @param radiusMetres least distance, as the crow flies, greater than 0.
 * @param places how many of a device are known at most, at least 1.
 * @param stayMs shortest stay that counts, greater than 0.
 * @param afterMs how long a device stays at a place in all before it is known, greater than 0.
 * @param halfLifeMs in which the time stayed at a place halves, greater than 0.
 */
public record ZonePromise(double radiusMetres, int places, long stayMs, long afterMs, long halfLifeMs) {
    public ZonePromise {
        if (!(radiusMetres > 0) || places < 1 || stayMs <= 0 || afterMs <= 0 || halfLifeMs <= 0) {
            throw new IllegalArgumentException(
                    "zones: " + radiusMetres + " m around " + places + " places, known after " + afterMs
                            + " ms in stays of " + stayMs + " ms, half-life " + halfLifeMs + " ms");
        }
    }
}
