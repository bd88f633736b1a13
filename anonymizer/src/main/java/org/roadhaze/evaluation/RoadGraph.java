// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.index.strtree.STRtree;

/**
 * A road map: how far it is from place to place along roads. Roads meet where they share a vertex, to 1e-7 degree, and nowhere else.
 * One-way streets are driven both ways: distances here tell how far a guess was off, and a guess that went a block too far would
 * otherwise be a round of the block off.
 *
 * <p>Immutable, so threads may share it.
 */
public final class RoadGraph {
    private static final double E7 = 1e7;
    private static final double FIRST_REACH_METRES = 100;
    private static final int NOT_YET = -1;

    private final double[] latitudes;
    private final double[] longitudes;
    /** Edges by number: their ends and lengths. */
    private final int[] fromOf;

    private final int[] toOf;
    private final double[] metresOf;
    /** Edges at a node: {@code edgesAt[firstAt[node]]} and so on, up to that of the next node. */
    private final int[] firstAt;

    private final int[] edgesAt;
    /** Of each node the first node that roads lead to from there: nodes without a way between them have different ones. */
    private final int[] componentOf;

    private final STRtree edges = new STRtree();

    /**
     * The nearest place on a road.
     *
     * @param edge its number.
     * @param alongMetres from the edge's first end.
     * @param besideMetres from the place that was asked for, as the crow flies.
     */
    record OnRoad(int edge, double alongMetres, double besideMetres) {}

    private record Vertex(long latitudeE7, long longitudeE7) {
        private static Vertex of(final Coordinate at) {
            return new Vertex(Math.round(at.y * E7), Math.round(at.x * E7));
        }
    }

    /**
     * Makes a map of roads.
     *
     * @param roads x is the longitude and y the latitude, in WGS 84 degrees; none crosses the antimeridian.
     * @throws IllegalArgumentException if no road has a length.
     */
    public RoadGraph(final List<LineString> roads) {
        final Map<Vertex, Integer> nodes = new HashMap<>();
        final List<int[]> ends = new ArrayList<>();
        final Map<Long, Integer> known = new HashMap<>();
        for (final LineString road : roads) {
            final Coordinate[] line = road.getCoordinates();
            for (int i = 1; i < line.length; i++) {
                final int from = node(line[i - 1], nodes);
                final int to = node(line[i], nodes);
                final long pair = ((long) Math.min(from, to) << 32) | Math.max(from, to);
                if (from != to && known.putIfAbsent(pair, ends.size()) == null) {
                    ends.add(new int[] {from, to});
                }
            }
        }
        if (ends.isEmpty()) {
            throw new IllegalArgumentException("no road with a length");
        }
        latitudes = new double[nodes.size()];
        longitudes = new double[nodes.size()];
        nodes.forEach((vertex, node) -> {
            latitudes[node] = vertex.latitudeE7() / E7;
            longitudes[node] = vertex.longitudeE7() / E7;
        });
        fromOf = ends.stream().mapToInt(each -> each[0]).toArray();
        toOf = ends.stream().mapToInt(each -> each[1]).toArray();
        metresOf = new double[fromOf.length];
        firstAt = new int[latitudes.length + 1];
        edgesAt = new int[2 * fromOf.length];
        for (int edge = 0; edge < fromOf.length; edge++) {
            metresOf[edge] = Metres.between(
                    latitudes[fromOf[edge]], longitudes[fromOf[edge]], latitudes[toOf[edge]], longitudes[toOf[edge]]);
            edges.insert(
                    new Envelope(
                            longitudes[fromOf[edge]],
                            longitudes[toOf[edge]],
                            latitudes[fromOf[edge]],
                            latitudes[toOf[edge]]),
                    edge);
        }
        edges.build();
        listEdges();
        componentOf = components();
    }

    private static int node(final Coordinate at, final Map<Vertex, Integer> nodes) {
        final int fresh = nodes.size();
        final Integer known = nodes.putIfAbsent(Vertex.of(at), fresh);
        return known == null ? fresh : known;
    }

    private void listEdges() {
        for (int edge = 0; edge < fromOf.length; edge++) {
            firstAt[fromOf[edge] + 1]++;
            firstAt[toOf[edge] + 1]++;
        }
        Arrays.parallelPrefix(firstAt, Integer::sum);
        final int[] next = Arrays.copyOf(firstAt, latitudes.length);
        for (int edge = 0; edge < fromOf.length; edge++) {
            edgesAt[next[fromOf[edge]]++] = edge;
            edgesAt[next[toOf[edge]]++] = edge;
        }
    }

    private int[] components() {
        final int[] of = new int[latitudes.length];
        Arrays.fill(of, NOT_YET);
        final int[] toVisit = new int[latitudes.length];
        for (int first = 0; first < of.length; first++) {
            int waiting = 0;
            if (of[first] == NOT_YET) {
                of[first] = first;
                toVisit[waiting++] = first;
            }
            while (waiting > 0) {
                final int node = toVisit[--waiting];
                for (int i = firstAt[node]; i < firstAt[node + 1]; i++) {
                    final int edge = edgesAt[i];
                    final int other = fromOf[edge] == node ? toOf[edge] : fromOf[edge];
                    if (of[other] == NOT_YET) {
                        of[other] = first;
                        toVisit[waiting++] = other;
                    }
                }
            }
        }
        return of;
    }

    /** Whether roads lead from one place to another. */
    boolean isJoined(final OnRoad from, final OnRoad to) {
        return componentOf[fromOf[from.edge()]] == componentOf[fromOf[to.edge()]];
    }

    /** All roads together, each once, in metres. */
    public double lengthMetres() {
        return Arrays.stream(metresOf).sum();
    }

    /** The place on a road that is nearest to a place, as the crow flies; of several, that of the first road. */
    OnRoad nearest(final double latitude, final double longitude) {
        final double perDegreeEast = Math.max(1, Metres.perDegreeEast(latitude));
        for (double reach = FIRST_REACH_METRES; ; reach *= 4) {
            final double north = reach / Metres.PER_DEGREE;
            final double east = reach / perDegreeEast;
            final List<?> near =
                    edges.query(new Envelope(longitude - east, longitude + east, latitude - north, latitude + north));
            OnRoad best = null;
            for (final Object edge : near) {
                final OnRoad candidate = onEdge((int) edge, latitude, longitude, perDegreeEast);
                if (best == null
                        || candidate.besideMetres() < best.besideMetres()
                        || (candidate.besideMetres() == best.besideMetres() && candidate.edge() < best.edge())) {
                    best = candidate;
                }
            }
            if (best != null && best.besideMetres() <= reach) {
                return best;
            }
        }
    }

    /**
     * Whether these are roads of where tracks were driven.
     *
     * @param metres how near a road must come to one fix at least, as the crow flies, greater than 0.
     * @return false when none does.
     */
    public boolean isNearAny(final List<Track> tracks, final double metres) {
        for (final Track track : tracks) {
            for (int fix = 0; fix < track.size(); fix++) {
                if (isNear(track.latitude(fix), track.longitude(fix), metres)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isNear(final double latitude, final double longitude, final double metres) {
        final double perDegreeEast = Math.max(1, Metres.perDegreeEast(latitude));
        final double north = metres / Metres.PER_DEGREE;
        final double east = metres / perDegreeEast;
        final List<?> near =
                edges.query(new Envelope(longitude - east, longitude + east, latitude - north, latitude + north));
        return near.stream()
                .anyMatch(edge ->
                        onEdge((int) edge, latitude, longitude, perDegreeEast).besideMetres() <= metres);
    }

    /** On the plane that touches the sphere at the place. */
    private OnRoad onEdge(final int edge, final double latitude, final double longitude, final double perDegreeEast) {
        final double x = (longitudes[fromOf[edge]] - longitude) * perDegreeEast;
        final double y = (latitudes[fromOf[edge]] - latitude) * Metres.PER_DEGREE;
        final double dx = (longitudes[toOf[edge]] - longitudes[fromOf[edge]]) * perDegreeEast;
        final double dy = (latitudes[toOf[edge]] - latitudes[fromOf[edge]]) * Metres.PER_DEGREE;
        final double share = Math.max(0, Math.min(1, -(x * dx + y * dy) / (dx * dx + dy * dy)));
        return new OnRoad(edge, share * metresOf[edge], Math.hypot(x + share * dx, y + share * dy));
    }

    /**
     * How far it is from one place to others: to the nearest road, along roads, and from the road, in metres.
     *
     * @return for each place; infinite where no road leads.
     */
    double[] metres(final OnRoad from, final List<OnRoad> to) {
        final double[] reached = new double[latitudes.length];
        Arrays.fill(reached, Double.POSITIVE_INFINITY);
        search(from, to, reached);
        final double[] metres = new double[to.size()];
        for (int i = 0; i < metres.length; i++) {
            final OnRoad place = to.get(i);
            double along = Math.min(
                    reached[fromOf[place.edge()]] + place.alongMetres(),
                    reached[toOf[place.edge()]] + metresOf[place.edge()] - place.alongMetres());
            if (place.edge() == from.edge()) {
                along = Math.min(along, Math.abs(place.alongMetres() - from.alongMetres()));
            }
            metres[i] = from.besideMetres() + along + place.besideMetres();
        }
        return metres;
    }

    /** Dijkstra's, until both ends of every edge that is asked for are reached; those to which no road leads are not waited for. */
    private void search(final OnRoad from, final List<OnRoad> to, final double[] reached) {
        final boolean[] isWanted = new boolean[reached.length];
        int wanted = 0;
        for (final OnRoad place : to) {
            if (!isJoined(from, place)) {
                continue;
            }
            wanted += isWanted[fromOf[place.edge()]] ? 0 : 1;
            isWanted[fromOf[place.edge()]] = true;
            wanted += isWanted[toOf[place.edge()]] ? 0 : 1;
            isWanted[toOf[place.edge()]] = true;
        }
        final boolean[] done = new boolean[reached.length];
        final PriorityQueue<double[]> queue = new PriorityQueue<>(Comparator.comparingDouble(entry -> entry[0]));
        reach(fromOf[from.edge()], from.alongMetres(), reached, queue);
        reach(toOf[from.edge()], metresOf[from.edge()] - from.alongMetres(), reached, queue);
        while (wanted > 0 && !queue.isEmpty()) {
            final int node = (int) queue.remove()[1];
            if (!done[node]) {
                done[node] = true;
                wanted -= isWanted[node] ? 1 : 0;
                for (int i = firstAt[node]; i < firstAt[node + 1]; i++) {
                    final int edge = edgesAt[i];
                    final int other = fromOf[edge] == node ? toOf[edge] : fromOf[edge];
                    reach(other, reached[node] + metresOf[edge], reached, queue);
                }
            }
        }
    }

    private static void reach(
            final int node, final double metres, final double[] reached, final PriorityQueue<double[]> queue) {
        if (metres < reached[node]) {
            reached[node] = metres;
            queue.add(new double[] {metres, node});
        }
    }
}
