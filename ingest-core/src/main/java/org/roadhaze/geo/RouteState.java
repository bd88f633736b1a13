// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geo;

import org.roadhaze.device.DeviceState;
import org.roadhaze.position.Position;

/**
 * Where a device is on its way. Three places: the last fix; the anchor, around which it may be standing; and the end of
 * the distance that is counted.
 */
final class RouteState extends DeviceState {
    boolean onTrip;
    /** The fix before was an outlier. */
    boolean outlier;

    /** Of the last fix that was used. */
    long fixTimeMs;
    /** Since when it has been around the anchor. */
    long anchorTimeMs;
    /** When distance was last counted. */
    long movedTimeMs;

    long distanceCm;

    private double remainderCm;
    private int latitudeE7;
    private int longitudeE7;
    private int anchorLatitudeE7;
    private int anchorLongitudeE7;
    private int countedLatitudeE7;
    private int countedLongitudeE7;

    RouteState() {
        reset();
    }

    @Override
    protected void reset() {
        onTrip = false;
        outlier = false;
        fixTimeMs = Position.UNKNOWN_TIME;
        distanceCm = 0;
        remainderCm = 0;
    }

    boolean isNew() {
        return fixTimeMs == Position.UNKNOWN_TIME;
    }

    void see(final Position position) {
        fixTimeMs = position.fixTimeMs();
        latitudeE7 = position.latitudeE7();
        longitudeE7 = position.longitudeE7();
        outlier = false;
    }

    /** Stands here, on no trip. */
    void rest(final Position position) {
        onTrip = false;
        movedTimeMs = position.fixTimeMs();
        relocate(position);
    }

    /** Is here, however it came. */
    void relocate(final Position position) {
        anchor(position);
        countedLatitudeE7 = position.latitudeE7();
        countedLongitudeE7 = position.longitudeE7();
    }

    void start() {
        onTrip = true;
        distanceCm = 0;
        remainderCm = 0;
    }

    void anchor(final Position position) {
        anchorTimeMs = position.fixTimeMs();
        anchorLatitudeE7 = position.latitudeE7();
        anchorLongitudeE7 = position.longitudeE7();
    }

    /** Whole centimetres are counted; what is less goes on to the next leg. */
    void count(final Position position, final double metres) {
        final double cm = 100 * metres + remainderCm;
        final long whole = (long) cm;
        distanceCm += whole;
        remainderCm = cm - whole;
        movedTimeMs = position.fixTimeMs();
        countedLatitudeE7 = position.latitudeE7();
        countedLongitudeE7 = position.longitudeE7();
    }

    boolean isFurtherFromLast(final Position position, final double metres) {
        return Distance.isMoreThan(metres, latitudeE7, longitudeE7, position.latitudeE7(), position.longitudeE7());
    }

    boolean isFurtherFromAnchor(final Position position, final double metres) {
        return Distance.isMoreThan(
                metres, anchorLatitudeE7, anchorLongitudeE7, position.latitudeE7(), position.longitudeE7());
    }

    double metresFromAnchor(final Position position) {
        return Distance.metres(anchorLatitudeE7, anchorLongitudeE7, position.latitudeE7(), position.longitudeE7());
    }

    double metresFromCounted(final Position position) {
        return Distance.metres(countedLatitudeE7, countedLongitudeE7, position.latitudeE7(), position.longitudeE7());
    }
}
