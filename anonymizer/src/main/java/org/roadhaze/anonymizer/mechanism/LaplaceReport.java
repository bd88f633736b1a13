// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import org.roadhaze.anonymizer.Release;
import org.roadhaze.device.DeviceState;
import org.roadhaze.geometry.LocalMetres;

/** What was said last of where a device is, and where it was then. */
final class LaplaceReport extends DeviceState {
    private boolean isReport;
    private int trueLatitudeE7;
    private int trueLongitudeE7;
    private double shrink;
    private int latitudeE7;
    private int longitudeE7;
    private long coarseCell = Release.NO_CELL;

    /** Whether the report still stands for a place: it is no farther than that from the one that the report was made of. */
    boolean covers(final int placeLatitudeE7, final int placeLongitudeE7, final double metres) {
        return isReport
                && LocalMetres.between(trueLatitudeE7, trueLongitudeE7, placeLatitudeE7, placeLongitudeE7, shrink)
                        <= metres;
    }

    void report(
            final int placeLatitudeE7,
            final int placeLongitudeE7,
            final int saidLatitudeE7,
            final int saidLongitudeE7) {
        isReport = true;
        trueLatitudeE7 = placeLatitudeE7;
        trueLongitudeE7 = placeLongitudeE7;
        shrink = LocalMetres.shrink(placeLatitudeE7);
        latitudeE7 = saidLatitudeE7;
        longitudeE7 = saidLongitudeE7;
        coarseCell = Release.NO_CELL;
    }

    /** The device has left the place of the report: should it come back, that is another report. */
    void endReport() {
        isReport = false;
    }

    int latitudeE7() {
        return latitudeE7;
    }

    int longitudeE7() {
        return longitudeE7;
    }

    /** The cell that was told last instead of a report, or {@link Release#NO_CELL}. */
    long coarseCell() {
        return coarseCell;
    }

    void coarseCell(final long cell) {
        coarseCell = cell;
    }

    @Override
    protected void reset() {
        isReport = false;
        coarseCell = Release.NO_CELL;
    }
}
