// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geometry;

import java.util.List;

/** A file of areas cannot be used. */
public final class InvalidAreasException extends InvalidGeoJsonException {
    private static final long serialVersionUID = 1L;

    public InvalidAreasException(final List<String> problems) {
        super(problems);
    }
}
