// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.util.Locale;
import java.util.Set;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.config.ConfigMap;

/**
 * Lets out the cell in which the fix lies, the centre of that cell, or both. All fixes in one cell leave as the same place: a
 * bound on precision, and no protection against linking.
 *
 * @see <a href="https://h3geo.org/docs/core-library/restable">H3's table of resolutions</a>
 * @see <a href="https://s2geometry.io/resources/s2cell_statistics">S2's table of levels</a>
 */
public final class PlaceCell implements Mechanism {
    /** What leaves of the cell. */
    public enum Publish {
        /** Its id, see {@link CellSystem}. */
        CELL,
        /** The coordinates of its centre. */
        CENTRE,
        /** Both. */
        BOTH
    }

    /** How coarse cells have to be, whatever their kind. */
    public enum Coarse {
        /** Every cell larger than {@link CellSize#LEGAL_KM2}. */
        LEGAL
    }

    private final CellIndex index;
    private final boolean publishesCell;
    private final boolean publishesCentre;

    PlaceCell(final Parameters parameters) {
        index = parameters.size().index();
        publishesCell = parameters.publish() != Publish.CENTRE;
        publishesCentre = parameters.publish() != Publish.CELL;
    }

    @Override
    public void accept(final Candidate candidate, final Outlet outlet) {
        final long cell = index.cellOf(
                candidate.position().latitudeE7(), candidate.position().longitudeE7());
        if (publishesCell) {
            candidate.release().cell(cell);
        }
        if (publishesCentre) {
            candidate.release().coordinates(index.centreLatitudeE7(), index.centreLongitudeE7());
        }
        outlet.pass(candidate);
    }

    /**
     * How coarse.
     *
     * @param size        which cells.
     * @param publish     what leaves of the cell.
     * @param coarseLegal whether every cell has to be larger than {@link CellSize#LEGAL_KM2}.
     */
    public record Parameters(CellSize size, Publish publish, boolean coarseLegal) implements MechanismParameters {
        private static final String SIZES = "0 to " + CellSize.FINEST_H3 + ", or s2: 0 to " + S2Index.MOST_LEVEL
                + ", or grid: " + EqualAreaGrid.LEAST_EDGE_METRES + "m to "
                + EqualAreaGrid.MOST_EDGE_METRES / 1_000 + "km";

        /** Refuses cells that are too small. */
        public Parameters {
            if (coarseLegal && !size.isLegal()) {
                throw new IllegalArgumentException("coarse: found cells of " + size.leastAreaKm2()
                        + " km2, allowed larger ones than " + CellSize.LEGAL_KM2);
            }
        }

        static Parameters read(final ConfigMap map) {
            final CellSize size = readSize(map);
            final boolean coarseLegal = map.has("coarse") && map.choice("coarse", Coarse.class) == Coarse.LEGAL;
            final Publish publish = map.choice("publish", Publish.class, Publish.CELL);
            if (coarseLegal && !size.isLegal()) {
                size.refuseAsTooSmall(map);
                return new Parameters(size, publish, false);
            }
            return new Parameters(size, publish, coarseLegal);
        }

        /** Reads one of the keys {@code h3}, {@code s2} and {@code grid}; what else stands in the mapping is left alone. */
        static CellSize readSize(final ConfigMap map) {
            final boolean hasS2 = map.has("s2");
            final boolean hasGrid = map.has("grid");
            if ((hasS2 && hasGrid) || (map.has("h3") && (hasS2 || hasGrid))) {
                map.keyProblem(hasGrid ? "grid" : "s2", "a second kind of cell", "one of h3, s2 and grid");
            }
            if (hasS2) {
                return new CellSize(CellSystem.S2, map.integer("s2", 0, S2Index.MOST_LEVEL));
            }
            if (hasGrid) {
                return new CellSize(CellSystem.EQUAL_AREA, readEdge(map));
            }
            final boolean hasH3 = map.required("h3", SIZES).isPresent();
            return new CellSize(CellSystem.H3, hasH3 ? map.integer("h3", 0, CellSize.FINEST_H3) : 0);
        }

        private static int readEdge(final ConfigMap map) {
            final double metres = map.metres("grid", EqualAreaGrid.LEAST_EDGE_METRES, EqualAreaGrid.MOST_EDGE_METRES);
            if (metres != Math.rint(metres)) {
                map.keyProblem("grid", Ranges.metres(metres), "whole metres");
            }
            return (int) metres;
        }

        @Override
        public Mechanism build(final MechanismContext context) {
            return new PlaceCell(this);
        }

        @Override
        public String effect() {
            final String what =
                    switch (publish) {
                        case CELL -> size.noun();
                        case CENTRE -> "centre of the " + size.noun();
                        case BOTH -> size.noun() + " and its centre";
                    };
            return what + ", " + size.effect()
                    + (coarseLegal ? ", every one larger than " + CellSize.LEGAL_KM2 + " km2" : "");
        }

        @Override
        public String canonical() {
            return "cell " + size.canonical() + " publish=" + publish.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public Rebuilding rebuilding() {
            return Rebuilding.PURE;
        }

        @Override
        public Set<String> inputs() {
            return Set.of("place");
        }
    }
}
