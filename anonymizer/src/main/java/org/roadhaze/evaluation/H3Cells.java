// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import com.uber.h3core.AreaUnit;
import com.uber.h3core.H3Core;
import java.io.IOException;
import java.io.UncheckedIOException;

/** H3, as its own library has it; a level is a resolution, 0 to 15. */
final class H3Cells implements Tessellation {
    static final H3Cells INSTANCE = new H3Cells();

    private final H3Core h3 = load();

    private H3Cells() {}

    private static H3Core load() {
        try {
            return H3Core.newInstance();
        } catch (final IOException e) {
            throw new UncheckedIOException("the native H3 library cannot be unpacked", e);
        }
    }

    @Override
    public boolean has(final long cell) {
        return h3.isValidCell(cell);
    }

    @Override
    public int level(final long cell) {
        return h3.getResolution(cell);
    }

    @Override
    public long cellOf(final double latitude, final double longitude, final int level) {
        return h3.latLngToCell(latitude, longitude, level);
    }

    @Override
    public double areaKm2(final long cell) {
        return h3.cellArea(cell, AreaUnit.km2);
    }

    @Override
    public double centreLatitude(final long cell) {
        return h3.cellToLatLng(cell).lat;
    }

    @Override
    public double centreLongitude(final long cell) {
        return h3.cellToLatLng(cell).lng;
    }

    @Override
    public String name(final int level) {
        return "H3 resolution " + level;
    }
}
