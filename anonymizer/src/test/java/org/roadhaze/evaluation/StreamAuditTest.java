// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every promise kept, broken and left undecided, by files that state it:
 *
 * <pre>
 *  fix DEVICE SECOND NORTH EAST                      a fix of the truth; metres from 45 degrees north, 7 degrees east
 *  go DEVICE FROM TO EVERY NORTH EAST NORTH EAST     fixes from one second to another, evenly from place to place
 *  places exact | unknown | h3 RESOLUTION | ladder METRES...   what the stream promises to let out of the place
 *  step MS; rotate MS; keep NAME STEP; aggregate     how its records look; without step no time, without rotate no id
 *  zones METRES PLACES STAY_S AFTER_S HALF_LIFE_S    the same of where devices stay longest
 *  stops METRES; crowd K WINDOW_S; area KM2; epsilon MOST; segments MOST_S GAP_S
 *  out ID SECOND PLACE NORTH EAST [NAME=VALUE...]    a record; PLACE: exact, none, or cell, centre or both of
 *                                                    h3:RESOLUTION or ladder:METRES
 *  expect RULE CHECKED UNDECIDED BROKEN [WORST]      what becomes of a promise; all that are checked are told
 * </pre>
 */
class StreamAuditTest {
    private static final double SOUTH = 45;
    private static final double WEST = 7;

    static Stream<Path> cases() throws IOException {
        return Scenario.files("audit");
    }

    private final Map<String, Track.Builder> tracks = new LinkedHashMap<>();
    private final List<Observed> records = new ArrayList<>();
    private final Map<String, Double> kept = new HashMap<>();
    private final List<String> expected = new ArrayList<>();
    private Promises promises = Promises.NONE;
    private Places places = Places.NONE;
    private OptionalLong stepMs = OptionalLong.empty();
    private OptionalLong rotateMs = OptionalLong.empty();
    private boolean hasId;
    private boolean aggregate;

    @ParameterizedTest
    @MethodSource("cases")
    void shouldFindWhatTheFileStates(final Path file) throws IOException {
        for (final String line : Files.readAllLines(file)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                read(List.of(line.strip().split("\\s+", -1)));
            }
        }
        final StreamAudit audit = new StreamAudit(
                tracks.values().stream().map(Track.Builder::build).toList(),
                promises,
                new StreamForm(hasId, rotateMs, stepMs, places, kept, aggregate),
                3);
        records.forEach(audit::accept);
        final List<String> found = new ArrayList<>();
        for (final Finding finding : audit.findings()) {
            assertEquals(Math.min(3, finding.broken()), finding.violations().size());
            final String worst = finding.worst().isPresent()
                    ? " " + Math.round(finding.worst().getAsDouble() * 100) / 100.0
                    : "";
            found.add(finding.rule() + " " + finding.checked() + " " + finding.undecided() + " " + finding.broken()
                    + worst);
        }
        assertTrue(expected.size() > 1, file + " expects something");
        assertEquals(String.join("\n", expected), String.join("\n", found), file.getFileName() + "");
    }

    private void read(final List<String> words) {
        switch (words.get(0)) {
            case "fix" -> fix(words.get(1), number(words, 2), number(words, 3), number(words, 4));
            case "go" -> {
                for (double second = number(words, 2); second <= number(words, 3); second += number(words, 4)) {
                    final double share = (second - number(words, 2)) / (number(words, 3) - number(words, 2));
                    fix(
                            words.get(1),
                            second,
                            number(words, 5) + share * (number(words, 7) - number(words, 5)),
                            number(words, 6) + share * (number(words, 8) - number(words, 6)));
                }
            }
            case "places" ->
                places = switch (words.get(1)) {
                    case "exact" -> Places.EXACT;
                    case "unknown" -> Places.UNKNOWN;
                    case "h3" -> Places.h3(Integer.parseInt(words.get(2)));
                    default ->
                        Places.ladder(
                                words.stream().skip(2).map(Integer::valueOf).toList());
                };
            case "step" -> stepMs = OptionalLong.of(Long.parseLong(words.get(1)));
            case "rotate" -> {
                hasId = true;
                rotateMs = OptionalLong.of(Long.parseLong(words.get(1)));
            }
            case "segments" -> {
                hasId = true;
                promises = promises.segments(Math.round(number(words, 1) * 1000), Math.round(number(words, 2) * 1000));
            }
            case "keep" -> kept.put(words.get(1), number(words, 2));
            case "aggregate" -> aggregate = true;
            case "stops" -> promises = promises.stops(number(words, 1));
            case "zones" ->
                promises = promises.zones(new ZonePromise(
                        number(words, 1),
                        (int) number(words, 2),
                        Math.round(number(words, 3) * 1000),
                        Math.round(number(words, 4) * 1000),
                        Math.round(number(words, 5) * 1000)));
            case "crowd" -> promises = promises.crowd((int) number(words, 1), Math.round(number(words, 2) * 1000));
            case "area" -> promises = promises.cells(number(words, 1));
            case "epsilon" -> promises = promises.epsilon(number(words, 1));
            case "out" -> out(words);
            case "expect" -> expected.add(String.join(" ", words.subList(1, words.size())));
            default -> throw new IllegalArgumentException("found " + words.get(0));
        }
    }

    private static double number(final List<String> words, final int index) {
        return Double.parseDouble(words.get(index));
    }

    private static double latitude(final double north) {
        return Math.round((SOUTH + AttacksTest.degrees(north)) * 1e7) / 1e7;
    }

    private static double longitude(final double east) {
        return Math.round((WEST + east / Metres.perDegreeEast(SOUTH)) * 1e7) / 1e7;
    }

    private void fix(final String device, final double second, final double north, final double east) {
        tracks.computeIfAbsent(device, Track::builder).add(Math.round(second * 1000), latitude(north), longitude(east));
    }

    private void out(final List<String> words) {
        final Map<String, Double> attributes = new HashMap<>();
        words.stream()
                .skip(6)
                .forEach(word -> attributes.put(
                        word.substring(0, word.indexOf('=')), Double.valueOf(word.substring(word.indexOf('=') + 1))));
        double latitude = latitude(number(words, 4));
        double longitude = longitude(number(words, 5));
        long cell = Observed.NO_CELL;
        final String[] place = words.get(3).split("[:]", -1);
        if (place.length == 3) {
            final Tessellation system = place[1].equals("h3") ? H3Cells.INSTANCE : LadderCells.INSTANCE;
            final int level = place[1].equals("h3")
                    ? Integer.parseInt(place[2])
                    : LadderCells.levelOf(Integer.parseInt(place[2]));
            cell = system.cellOf(latitude, longitude, level);
            latitude = place[0].equals("cell") ? Double.NaN : Math.round(system.centreLatitude(cell) * 1e7) / 1e7;
            longitude = place[0].equals("cell") ? Double.NaN : Math.round(system.centreLongitude(cell) * 1e7) / 1e7;
            cell = place[0].equals("centre") ? Observed.NO_CELL : cell;
        } else if (place[0].equals("none")) {
            latitude = Double.NaN;
            longitude = Double.NaN;
        }
        records.add(new Observed(
                7,
                records.size() + 1,
                Long.parseLong(words.get(1)),
                words.get(2).equals("-") ? Observed.NO_TIME : Math.round(number(words, 2) * 1000),
                latitude,
                longitude,
                cell,
                attributes));
    }
}
