// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where somebody lives, from his nights (the reference, in the raw track) or from where his published runs begin and end
 * (the attack): the densest cluster of end points, and its geometric median.
 */
public final class HomeInference {
    /** End points so near belong together, in metres. */
    static final double CLUSTER_METRES = 250;

    private HomeInference() {}

    /** A place in degrees. */
    public record Place(double latitude, double longitude) {
        public double metresTo(final Place other) {
            return Metres.between(latitude, longitude, other.latitude, other.longitude);
        }
    }

    /**
     * How far the attack was off.
     *
     * @param metres for every device with a home, sorted; infinite where nothing was published that tells one.
     */
    public record Errors(List<Double> metres) {
        public Errors {
            metres = metres.stream().sorted().toList();
        }

        public double median() {
            return metres.isEmpty() ? Double.NaN : metres.get(metres.size() / 2);
        }

        /** Share of homes that were found within so many metres, in [0, 1]. */
        public double within(final double most) {
            return metres.isEmpty()
                    ? 0
                    : (double) metres.stream().filter(error -> error <= most).count() / metres.size();
        }
    }

    /** Compares the attack's answers with homes; a device without a home is left out. */
    public static Errors errors(final List<Optional<Place>> homes, final List<Optional<Place>> guesses) {
        final List<Double> errors = new ArrayList<>();
        for (int i = 0; i < homes.size(); i++) {
            final Optional<Place> guess = guesses.get(i);
            homes.get(i).ifPresent(home -> errors.add(guess.map(home::metresTo).orElse(Double.POSITIVE_INFINITY)));
        }
        return new Errors(errors);
    }

    /**
     * What the same answers would find if each were given for another device, drawn at random: homes that lie near everybody's.
     *
     * @return the expected share of homes within so many metres of the answer, in [0, 1]; NaN of fewer than two devices, or no home.
     */
    public static double chance(
            final List<Optional<Place>> homes, final List<Optional<Place>> guesses, final double mostMetres) {
        long within = 0;
        long tried = 0;
        for (int i = 0; i < homes.size(); i++) {
            for (int j = 0; homes.get(i).isPresent() && j < guesses.size(); j++) {
                if (i != j) {
                    final Place home = homes.get(i).get();
                    within += guesses.get(j)
                                    .filter(guess -> home.metresTo(guess) <= mostMetres)
                                    .isPresent()
                            ? 1
                            : 0;
                    tried++;
                }
            }
        }
        return tried == 0 ? Double.NaN : (double) within / tried;
    }

    /**
     * The place with the most hours of stays between 22:00 and 06:00.
     *
     * @param utcOffsetMs of the local time, in milliseconds.
     */
    public static Optional<Place> byNights(final Track track, final long utcOffsetMs) {
        final List<Place> places = new ArrayList<>();
        final List<Long> nightMs = new ArrayList<>();
        for (final Stop stop : StopDetector.ACCIO.stops(track)) {
            final long night =
                    nightMs(track.timeMs(stop.first()) + utcOffsetMs, track.timeMs(stop.last()) + utcOffsetMs);
            if (night > 0) {
                places.add(new Place(stop.latitude(), stop.longitude()));
                nightMs.add(night);
            }
        }
        Optional<Place> best = Optional.empty();
        long most = 0;
        for (final Place place : places) {
            long sum = 0;
            for (int i = 0; i < places.size(); i++) {
                sum += place.metresTo(places.get(i)) <= StopDetector.ACCIO.diameterMetres() ? nightMs.get(i) : 0;
            }
            if (sum > most) {
                most = sum;
                best = Optional.of(place);
            }
        }
        return best;
    }

    /** The middle of the densest cluster of places where runs begin and end. */
    public static Optional<Place> byEndPoints(final List<Track> runs) {
        final List<Place> ends = new ArrayList<>();
        for (final Track run : runs) {
            if (run.size() > 0) {
                final int last = run.size() - 1;
                ends.add(new Place(run.latitude(0), run.longitude(0)));
                ends.add(new Place(run.latitude(last), run.longitude(last)));
            }
        }
        return ends.stream()
                .map(end -> ends.stream()
                        .filter(other -> end.metresTo(other) <= CLUSTER_METRES)
                        .toList())
                .max(Comparator.comparingInt(List::size))
                .map(HomeInference::geometricMedian);
    }

    /** Cuts a track wherever it is silent for longer than so many milliseconds. */
    public static List<Track> runs(final Track track, final long mostSilenceMs) {
        final List<Track> runs = new ArrayList<>();
        int first = 0;
        for (int i = 1; i <= track.size(); i++) {
            if (i == track.size() || track.timeMs(i) - track.timeMs(i - 1) > mostSilenceMs) {
                runs.add(track.slice(first, i));
                first = i;
            }
        }
        return runs;
    }

    /** Milliseconds of {@code [from, to]} between 22:00 and 06:00 of local time. */
    static long nightMs(final long fromMs, final long toMs) {
        final long hour = 3_600_000;
        final long day = 24 * hour;
        long night = 0;
        for (long noon = Math.floorDiv(fromMs - 12 * hour, day) * day + 12 * hour; noon < toMs; noon += day) {
            night += Math.max(0, Math.min(toMs, noon + 18 * hour) - Math.max(fromMs, noon + 10 * hour));
        }
        return night;
    }

    /** The place with the least sum of distances, by Weiszfeld's iteration. */
    private static Place geometricMedian(final List<Place> places) {
        Place middle = places.get(0);
        for (int round = 0; round < 50; round++) {
            double weights = 0;
            double latitude = 0;
            double longitude = 0;
            for (final Place place : places) {
                // A metre keeps the place that it stands on from outweighing all others.
                final double weight = 1 / Math.max(1, middle.metresTo(place));
                weights += weight;
                latitude += weight * place.latitude();
                longitude += weight * place.longitude();
            }
            middle = new Place(latitude / weights, longitude / weights);
        }
        return middle;
    }
}
