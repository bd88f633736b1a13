// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

/**
 * How far what follows the publishers is behind them, at about one moment.
 *
 * @param frames        frames that were published and are not persisted yet.
 * @param slots         how many there may be.
 * @param unforcedBytes bytes that were appended and whose acknowledgements wait for the disk; 0 unless {@link
 *                      AckLevel#SYNCED}.
 * @param forcingNs     for how long the force that is under way has taken, nanoseconds; 0 while there is none. A disk that is
 *                      stuck shows here.
 */
public record RingLag(long frames, int slots, long unforcedBytes, long forcingNs) {}
