// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How many devices a few points single out (de Montjoye et al. 2013): the share of draws of p random points of one device
 * that match no other. A point is a grid square and a bin of time; a device has each of its points once.
 *
 * @param draws how often points were drawn.
 * @param unique how often they matched one device only.
 */
public record Uniqueness(long draws, long unique) {
    public double rate() {
        return draws == 0 ? 0 : (double) unique / draws;
    }

    /**
     * @param points how many points the attacker knows, at least 1; who has fewer is not drawn from.
     * @param drawsPerDevice how often points are drawn from each device.
     */
    public static Uniqueness of(
            final List<Track> tracks,
            final double gridMetres,
            final long binMs,
            final int points,
            final int drawsPerDevice,
            final long seed) {
        final Grid grid = new Grid(gridMetres);
        final Map<Spot, Integer> numbers = new HashMap<>();
        final int[][] spotsOf = new int[tracks.size()][];
        for (int device = 0; device < spotsOf.length; device++) {
            final Track track = tracks.get(device);
            final int[] spots = new int[track.size()];
            for (int i = 0; i < spots.length; i++) {
                final Spot spot = Spot.of(grid, track.latitude(i), track.longitude(i), track.timeMs(i), binMs);
                final int fresh = numbers.size();
                final Integer known = numbers.putIfAbsent(spot, fresh);
                spots[i] = known == null ? fresh : known;
            }
            spotsOf[device] = Arrays.stream(spots).sorted().distinct().toArray();
        }
        return draw(spotsOf, devicesAt(spotsOf, numbers.size()), points, drawsPerDevice, new SplittableRandom(seed));
    }

    private static int[][] devicesAt(final int[][] spotsOf, final int spots) {
        final int[] counts = new int[spots];
        for (final int[] own : spotsOf) {
            for (final int spot : own) {
                counts[spot]++;
            }
        }
        final int[][] devices = new int[spots][];
        for (int spot = 0; spot < spots; spot++) {
            devices[spot] = new int[counts[spot]];
        }
        Arrays.fill(counts, 0);
        for (int device = 0; device < spotsOf.length; device++) {
            for (final int spot : spotsOf[device]) {
                devices[spot][counts[spot]++] = device;
            }
        }
        return devices;
    }

    private static Uniqueness draw(
            final int[][] spotsOf,
            final int[][] devicesAt,
            final int points,
            final int drawsPerDevice,
            final SplittableRandom random) {
        long draws = 0;
        long unique = 0;
        for (final int[] own : spotsOf) {
            for (int i = 0; own.length >= points && i < drawsPerDevice; i++) {
                // The first of a shuffle that goes no further: p different ones, each as likely.
                for (int p = 0; p < points; p++) {
                    final int other = p + random.nextInt(own.length - p);
                    final int swapped = own[p];
                    own[p] = own[other];
                    own[other] = swapped;
                }
                draws++;
                unique += isUnique(own, points, devicesAt) ? 1 : 0;
            }
        }
        return new Uniqueness(draws, unique);
    }

    private static boolean isUnique(final int[] spots, final int points, final int[][] devicesAt) {
        int matching = 0;
        for (final int device : devicesAt[spots[0]]) {
            int p = 1;
            while (p < points && Arrays.binarySearch(devicesAt[spots[p]], device) >= 0) {
                p++;
            }
            matching += p == points ? 1 : 0;
        }
        return matching == 1;
    }
}
