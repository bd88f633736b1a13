// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

/**
 * A stay at one place.
 *
 * @param first index of its first fix in the track.
 * @param last index of its last fix, inclusive.
 * @param latitude degrees, mean of its fixes.
 * @param longitude degrees, mean of its fixes.
 */
public record Stop(int first, int last, double latitude, double longitude) {}
