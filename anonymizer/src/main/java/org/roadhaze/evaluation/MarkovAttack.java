// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * PIT-attack (Gambs et al. 2014; Accio's MMCReIdent): who has left this anonymous track? The one whose mobility Markov chain is
 * nearest to that of the track. The states of a chain are the places where somebody stops, its transitions the ways from stop to
 * stop. What a state weighs is its part of the chain's stationary distribution; of a walk whose last stop leads to its first again, so
 * that no state is an end, that is its share of the stops, since each state is entered as often as it is left.
 *
 * <p>Two distances. The <i>stationary</i> one is the mean, by weight, of the metres from each state of the track to the nearest
 * known one. The <i>proximity</i> compares the two heaviest states, the two second and so on: those within {@value #NEAR_METRES} m
 * score 10, 5, 2.5 and so on, 1 at least. The least stationary distance decides, and the greatest proximity where the least is
 * more than 2 km. (Accio takes proximity for each device that is farther; a metre then loses against a place in common, and on
 * cabs so do nine in ten that the distance finds.) A track without a stop tells nobody, and is no target
 * (see {@link PoiAttack}).
 */
public final class MarkovAttack {
    /** Stops so near are one state, and states so near one place. */
    public static final double NEAR_METRES = 200;

    private static final int NOBODY = -1;
    private static final double MOST_STATIONARY_METRES = 2000;
    private static final double FIRST_SCORE = 10;

    private final List<List<State>> known;

    /** A place and what it weighs; the weights of a chain sum up to 1. */
    record State(double latitude, double longitude, double weight) {
        double metresTo(final State other) {
            return Metres.between(latitude, longitude, other.latitude, other.longitude);
        }
    }

    /**
     * @param knowledge what the attacker knows of each device, whose number is its index.
     */
    public MarkovAttack(final List<Track> knowledge) {
        known = knowledge.parallelStream().map(MarkovAttack::chain).toList();
    }

    /** The device whose chain is nearest to that of a track, the first of several; -1 for nobody. */
    public int nearest(final Track track) {
        return nearest(chain(track));
    }

    private int nearest(final List<State> seen) {
        int best = NOBODY;
        double least = Double.POSITIVE_INFINITY;
        int alike = NOBODY;
        double most = 0;
        for (int device = 0; device < known.size() && !seen.isEmpty(); device++) {
            final double metres = stationaryMetres(seen, known.get(device));
            if (metres < least) {
                least = metres;
                best = device;
            }
            final double score = proximity(seen, known.get(device));
            if (score > most) {
                most = score;
                alike = device;
            }
        }
        return least > MOST_STATIONARY_METRES && alike != NOBODY ? alike : best;
    }

    /** Attacks every track that has a stop; on all cores. */
    public HeatMapAttack.Result attack(final List<PublishedTracks.OfId> targets) {
        return HeatMapAttack.Result.of(targets, MarkovAttack::chain, seen -> !seen.isEmpty(), this::nearest);
    }

    /** The states of a track, the heaviest first. */
    static List<State> chain(final Track track) {
        final List<Stop> places = new ArrayList<>();
        final List<Stop> stops = StopDetector.ACCIO.stops(track);
        final int[] visits = new int[stops.size()];
        for (final Stop stop : stops) {
            visits[placeOf(stop, places)]++;
        }
        return IntStream.range(0, places.size())
                .mapToObj(i -> new State(
                        places.get(i).latitude(), places.get(i).longitude(), (double) visits[i] / stops.size()))
                .sorted(Comparator.comparingDouble(State::weight).reversed())
                .toList();
    }

    /** The first place that is near; a new one where none is. */
    private static int placeOf(final Stop stop, final List<Stop> places) {
        for (int i = 0; i < places.size(); i++) {
            final Stop place = places.get(i);
            if (Metres.between(stop.latitude(), stop.longitude(), place.latitude(), place.longitude()) <= NEAR_METRES) {
                return i;
            }
        }
        places.add(stop);
        return places.size() - 1;
    }

    private static double proximity(final List<State> seen, final List<State> ofDevice) {
        double score = 0;
        double worth = FIRST_SCORE;
        for (int i = 0; i < Math.min(seen.size(), ofDevice.size()); i++) {
            score += seen.get(i).metresTo(ofDevice.get(i)) <= NEAR_METRES ? worth : 0;
            worth = Math.max(1, worth / 2);
        }
        return score;
    }

    /** Infinite where nothing is known. */
    private static double stationaryMetres(final List<State> seen, final List<State> ofDevice) {
        double sum = 0;
        for (final State state : seen) {
            double nearest = Double.POSITIVE_INFINITY;
            for (final State candidate : ofDevice) {
                nearest = Math.min(nearest, state.metresTo(candidate));
            }
            sum += state.weight() * nearest;
        }
        return sum;
    }
}
