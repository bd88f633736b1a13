// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.locationtech.jts.geom.Geometry;
import org.roadhaze.geometry.Area;
import org.roadhaze.geometry.GeoJsonAreas;
import org.roadhaze.geometry.InvalidAreasException;
import org.roadhaze.geometry.PolygonIndex;

/**
 * The fences of an engine, each with a number, which derived attributes and queues carry, and a name.
 *
 * <p>A fence's number is the whole-number {@code id} that its file gives it. The others get the lowest numbers that are
 * free, from 0 on, in the order of the files: those change when fences are added before them, so who keeps records gives
 * ids. A fence holds its border.
 *
 * <p>Immutable: any number of stages may share it.
 */
public final class Geofences {
    /** No fence at all. */
    public static final Geofences NONE = new Geofences(new TreeMap<>());

    private final int[] numbers;
    private final String[] names;
    private final PolygonIndex index;

    private Geofences(final SortedMap<Integer, Area> byNumber) {
        numbers = new int[byNumber.size()];
        names = new String[numbers.length];
        final List<Geometry> polygons = new ArrayList<>();
        for (final Map.Entry<Integer, Area> entry : byNumber.entrySet()) {
            numbers[polygons.size()] = entry.getKey();
            names[polygons.size()] = entry.getValue().name();
            polygons.add(entry.getValue().geometry());
        }
        index = PolygonIndex.of(polygons);
    }

    /**
     * Reads the fences of some GeoJSON files; see {@link GeoJsonAreas}.
     *
     * @param files the files, none for no fences.
     * @return the fences.
     * @throws InvalidAreasException with everything that is wrong in any of the files, or when an id is given twice.
     */
    public static Geofences read(final List<Path> files) throws InvalidAreasException {
        final List<Area> areas = new ArrayList<>();
        final List<String> places = new ArrayList<>();
        final List<String> problems = new ArrayList<>();
        for (final Path file : files) {
            try {
                for (final Area area : GeoJsonAreas.read(file, 0)) {
                    areas.add(area);
                    places.add(file + ": \"" + area.name() + "\"");
                }
            } catch (final InvalidAreasException e) {
                problems.addAll(e.problems());
            }
        }
        final SortedMap<Integer, Area> byNumber = number(areas, places, problems);
        if (!problems.isEmpty()) {
            throw new InvalidAreasException(problems);
        }
        return new Geofences(byNumber);
    }

    /**
     * Makes fences of areas.
     *
     * @param areas the areas.
     * @return the fences.
     * @throws InvalidAreasException when two areas have the same number.
     */
    public static Geofences of(final List<Area> areas) throws InvalidAreasException {
        final List<String> places = new ArrayList<>();
        for (final Area area : areas) {
            places.add("\"" + area.name() + "\"");
        }
        final List<String> problems = new ArrayList<>();
        final SortedMap<Integer, Area> byNumber = number(areas, places, problems);
        if (!problems.isEmpty()) {
            throw new InvalidAreasException(problems);
        }
        return new Geofences(byNumber);
    }

    /**
     * How many fences there are.
     *
     * @return the count.
     */
    public int size() {
        return numbers.length;
    }

    /**
     * The number of the fence at a place of the index.
     *
     * @param polygon in [0, {@link #size()}); numbers ascend with it.
     * @return the number, at least 0.
     */
    public int number(final int polygon) {
        return numbers[polygon];
    }

    /**
     * The name of a fence.
     *
     * @param number the fence's number.
     * @return the name, or null when no fence has this number.
     */
    public String name(final int number) {
        final int polygon = Arrays.binarySearch(numbers, number);
        return polygon < 0 ? null : names[polygon];
    }

    /**
     * Which fences hold a point, as places to give to {@link #number(int)}.
     *
     * @return the index.
     */
    public PolygonIndex index() {
        return index;
    }

    private static SortedMap<Integer, Area> number(
            final List<Area> areas, final List<String> places, final List<String> problems) {
        final TreeMap<Integer, Area> byNumber = new TreeMap<>();
        final Map<Integer, String> givenTo = new TreeMap<>();
        final Set<Integer> twice = new HashSet<>();
        for (int i = 0; i < areas.size(); i++) {
            final int number = areas.get(i).number();
            if (number != Area.NO_NUMBER && byNumber.putIfAbsent(number, areas.get(i)) != null && twice.add(number)) {
                problems.add(places.get(i) + ": id is " + number + " as that of " + givenTo.get(number)
                        + ", allowed: an id of its own");
            }
            givenTo.putIfAbsent(number, places.get(i));
        }
        int free = 0;
        for (final Area area : areas) {
            if (area.number() == Area.NO_NUMBER) {
                while (byNumber.containsKey(free)) {
                    free++;
                }
                byNumber.put(free, area);
            }
        }
        return byNumber;
    }
}
