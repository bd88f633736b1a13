// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import com.uber.h3core.AreaUnit;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Set;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.config.ConfigMap;

/**
 * Lets out the H3 cell in which the fix lies, the centre of that cell, or both. All fixes in one cell leave as the same
 * place: a bound on precision, and no protection against linking.
 *
 * @see <a href="https://h3geo.org/docs/core-library/restable">H3's table of resolutions</a>
 */
public final class H3Cell implements Mechanism {
    /** What leaves of the cell. */
    public enum Publish {
        /** Its H3 index. */
        CELL,
        /** The coordinates of its centre. */
        CENTRE,
        /** Both. */
        BOTH
    }

    private final H3Index index;
    private final boolean publishesCell;
    private final boolean publishesCentre;

    H3Cell(final Parameters parameters) {
        index = new H3Index(parameters.h3());
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
     * @param h3      resolution, in [0, 15].
     * @param publish what leaves of the cell.
     */
    public record Parameters(int h3, Publish publish) implements MechanismParameters {
        static final int LEAST = 0;
        static final int MOST = 15;

        /** Refuses a resolution out of range. */
        public Parameters {
            Ranges.check("h3", h3, LEAST, MOST);
        }

        static Parameters read(final ConfigMap map) {
            return new Parameters(map.integer("h3", LEAST, MOST), map.choice("publish", Publish.class, Publish.CELL));
        }

        /**
         * Area of a cell.
         *
         * @return square kilometres, on average.
         */
        public double averageAreaKm2() {
            return H3Library.get().getHexagonAreaAvg(h3, AreaUnit.km2);
        }

        @Override
        public Mechanism build(final MechanismContext context) {
            return new H3Cell(this);
        }

        @Override
        public String effect() {
            final String what =
                    switch (publish) {
                        case CELL -> "H3 cell";
                        case CENTRE -> "centre of the H3 cell";
                        case BOTH -> "H3 cell and its centre";
                    };
            final double km2 = averageAreaKm2();
            final String area = km2 < 0.01
                    ? Math.round(km2 * 1e6) + " m2"
                    : BigDecimal.valueOf(km2).round(new MathContext(3)).toPlainString() + " km2";
            return what + ", resolution " + h3 + " (" + area + " on average)";
        }

        @Override
        public String canonical() {
            return "cell h3=" + h3 + " publish=" + publish.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public Set<String> inputs() {
            return Set.of("place");
        }
    }
}
