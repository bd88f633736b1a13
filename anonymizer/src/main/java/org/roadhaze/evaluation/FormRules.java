// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What can be told of a record by itself: the fields and attributes that it has, and how coarse they are. */
final class FormRules {
    private static final double STEP_TOLERANCE = 1e-6;

    private final StreamForm form;
    private final double leastCellKm2;
    private final Tally fields;
    private final Tally places;
    private final Tally areas;
    private final Tally times;
    private final Tally steps;

    FormRules(final Promises promises, final StreamForm form, final int mostShown) {
        this.form = form;
        leastCellKm2 = promises.leastCellKm2().orElse(Double.NaN);
        final List<String> allowed = new ArrayList<>();
        if (form.hasId()) {
            allowed.add("id");
        }
        if (form.timeStepMs().isPresent()) {
            allowed.add("time");
        }
        allowed.addAll(new TreeSet<>(form.attributes().keySet()));
        fields = new Tally(
                Violation.Rule.ATTRIBUTE,
                "beside the place nothing leaves but " + (allowed.isEmpty() ? "nothing" : String.join(", ", allowed)),
                "records",
                mostShown);
        places = new Tally(Violation.Rule.PLACE, "the place leaves as " + form.places(), "records", mostShown);
        areas = new Tally(
                        Violation.Rule.CELL_AREA,
                        "every cell is larger than " + leastCellKm2 + " km2",
                        "records",
                        mostShown)
                .atLeast(leastCellKm2, "km2");
        times = new Tally(
                Violation.Rule.TIME_STEP,
                "times are whole steps of " + form.timeStepMs().orElse(0) / 1000.0 + " s",
                "records",
                mostShown);
        final Map<String, Double> stepped = new TreeMap<>(form.attributes());
        stepped.values().removeIf(step -> step == 0);
        steps = new Tally(Violation.Rule.ATTRIBUTE_STEP, "attributes are whole steps: " + stepped, "values", mostShown);
    }

    void accept(final Observed record) {
        checkFields(record);
        checkPlace(record);
        checkTime(record);
        record.attributes().forEach((name, value) -> {
            final double step = form.attributes().getOrDefault(name, 0.0);
            if (step > 0) {
                steps.checked();
                final double times = value / step;
                if (Math.abs(times - Math.rint(times)) > STEP_TOLERANCE) {
                    broken(steps, record, name + " of " + value + ", steps of " + step);
                }
            }
        });
    }

    private static void broken(final Tally tally, final Observed record, final String found) {
        tally.broken(record.index(), record.ordinal(), found);
    }

    private void checkFields(final Observed record) {
        fields.checked();
        final List<String> foreign = new ArrayList<>();
        if (!form.hasId() && record.id() != Published.NO_ID) {
            foreign.add("an id");
        }
        if (form.timeStepMs().isEmpty() && record.timeMs() != Observed.NO_TIME) {
            foreign.add("a time");
        }
        record.attributes().keySet().stream()
                .filter(name -> !form.attributes().containsKey(name))
                .sorted()
                .forEach(foreign::add);
        if (!foreign.isEmpty()) {
            broken(fields, record, String.join(", ", foreign) + ", not in the list");
        }
    }

    private void checkPlace(final Observed record) {
        if (!form.places().isKnown()) {
            return;
        }
        places.checked();
        final String wrong = wrongPlace(record);
        if (wrong != null) {
            broken(places, record, wrong);
        }
        if (!Double.isNaN(leastCellKm2)) {
            checkArea(record);
        }
    }

    private String wrongPlace(final Observed record) {
        final Places allowed = form.places();
        final boolean hasCell = record.cell() != Observed.NO_CELL;
        if (hasCell) {
            final Tessellation system = Tessellation.of(record.cell()).orElse(null);
            if (system == null) {
                return "a cell of no system that is known here, " + allowed;
            }
            if (system != allowed.system() || !allowed.levels().contains(system.level(record.cell()))) {
                return "a cell of " + system.name(system.level(record.cell())) + ", " + allowed;
            }
        }
        final boolean isMoved = allowed.moved() && !hasCell;
        if (record.hasCoordinates() && !allowed.exact() && !isMoved) {
            if (allowed.system() == null) {
                return "coordinates, " + allowed;
            }
            final boolean isCentre = hasCell
                    ? Places.isCentre(allowed.system(), record.cell(), record.latitude(), record.longitude())
                    : allowed.levelOfCentre(record.latitude(), record.longitude())
                            .isPresent();
            if (!isCentre) {
                return "coordinates that are not the middle of their cell, " + allowed;
            }
        }
        return null;
    }

    private void checkArea(final Observed record) {
        areas.checked();
        final double km2 = areaKm2(record);
        areas.figure(km2);
        if (!(km2 > leastCellKm2)) {
            broken(areas, record, "a cell of " + km2 + " km2, more than " + leastCellKm2);
        }
    }

    /** Of a record that tells coordinates alone, that of the cell whose middle they are; 0 if there is none; of one moved by noise, all of the earth. */
    private double areaKm2(final Observed record) {
        if (record.cell() != Observed.NO_CELL) {
            return Tessellation.of(record.cell())
                    .map(system -> system.areaKm2(record.cell()))
                    .orElse(0.0);
        }
        if (!record.hasCoordinates() || form.places().moved()) {
            return Double.POSITIVE_INFINITY;
        }
        final Tessellation system = form.places().system();
        return system == null
                ? 0
                : form.places().levelOfCentre(record.latitude(), record.longitude()).stream()
                        .mapToDouble(
                                level -> system.areaKm2(system.cellOf(record.latitude(), record.longitude(), level)))
                        .findFirst()
                        .orElse(0);
    }

    private void checkTime(final Observed record) {
        if (form.timeStepMs().isEmpty() || record.timeMs() == Observed.NO_TIME) {
            return;
        }
        times.checked();
        final long over = Math.floorMod(record.timeMs(), form.timeStepMs().getAsLong());
        if (over != 0) {
            broken(times, record, over + " ms beyond a whole step");
        }
    }

    List<Finding> findings() {
        final List<Finding> findings = new ArrayList<>(List.of(fields.finding()));
        if (form.places().isKnown()) {
            findings.add(places.finding());
        }
        if (form.places().isKnown() && !Double.isNaN(leastCellKm2)) {
            findings.add(areas.finding());
        }
        if (form.timeStepMs().isPresent()) {
            findings.add(times.finding());
        }
        if (form.attributes().values().stream().anyMatch(step -> step > 0)) {
            findings.add(steps.finding());
        }
        return findings;
    }
}
