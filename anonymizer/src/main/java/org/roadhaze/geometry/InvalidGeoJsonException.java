// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geometry;

import java.util.List;

/** A GeoJSON file cannot be used: all that is wrong with it, one line each, written for the person who wrote it. */
public class InvalidGeoJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public InvalidGeoJsonException(final List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /**
     * What is wrong.
     *
     * @return at least one line, each with file, feature, what was found and what is allowed.
     */
    public final List<String> problems() {
        return problems;
    }
}
