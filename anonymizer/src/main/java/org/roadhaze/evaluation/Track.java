// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.Arrays;

/**
 * The fixes of one device, or of one published id, ordered by time. WGS 84 degrees, milliseconds since 1970-01-01 UTC.
 * Immutable once built, so threads may share it.
 */
public final class Track {
    private static final long MOST_BETWEEN_MS = 120_000;
    private static final double MOST_KMH = 252;

    private final String name;
    private final int size;
    private final long[] timeMs;
    private final double[] latitude;
    private final double[] longitude;

    private Track(
            final String name, final int size, final long[] timeMs, final double[] latitude, final double[] longitude) {
        this.name = name;
        this.size = size;
        this.timeMs = timeMs;
        this.latitude = latitude;
        this.longitude = longitude;
    }

    public static Builder builder(final String name) {
        return new Builder(name);
    }

    public String name() {
        return name;
    }

    public int size() {
        return size;
    }

    public long timeMs(final int index) {
        return timeMs[index];
    }

    public double latitude(final int index) {
        return latitude[index];
    }

    public double longitude(final int index) {
        return longitude[index];
    }

    /** Metres as the crow flies between two fixes. */
    public double metres(final int from, final int to) {
        return Metres.between(latitude[from], longitude[from], latitude[to], longitude[to]);
    }

    /**
     * How fast the device went from the fix before to this one, as the crow flies.
     *
     * @return km/h; NaN of the first fix, after more than two minutes, after none, and where no vehicle goes as fast (252 km/h).
     */
    public double speedKmh(final int index) {
        final long ms = index == 0 ? 0 : timeMs[index] - timeMs[index - 1];
        if (ms <= 0 || ms > MOST_BETWEEN_MS) {
            return Double.NaN;
        }
        final double kmh = metres(index - 1, index) * 3600 / ms;
        return kmh > MOST_KMH ? Double.NaN : kmh;
    }

    /** The fixes with index in {@code [from, to)}. */
    public Track slice(final int from, final int to) {
        return new Track(
                name,
                to - from,
                Arrays.copyOfRange(timeMs, from, to),
                Arrays.copyOfRange(latitude, from, to),
                Arrays.copyOfRange(longitude, from, to));
    }

    /** The fixes with a time in {@code [fromMs, toMs)}. */
    public Track between(final long fromMs, final long toMs) {
        final int from = firstAtOrAfter(fromMs);
        return slice(from, Math.max(from, firstAtOrAfter(toMs)));
    }

    /** Index of the first fix that is not before a time; {@link #size()} if there is none. */
    public int firstAtOrAfter(final long time) {
        int low = 0;
        int high = size;
        while (low < high) {
            final int middle = (low + high) >>> 1;
            if (timeMs[middle] < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Collects fixes, which must come in the order of time. */
    public static final class Builder {
        private final String name;
        private int size;
        private long[] timeMs = new long[64];
        private double[] latitude = new double[64];
        private double[] longitude = new double[64];

        private Builder(final String name) {
            this.name = name;
        }

        public Builder add(final long fixTimeMs, final double latitudeDegrees, final double longitudeDegrees) {
            if (size > 0 && fixTimeMs < timeMs[size - 1]) {
                throw new IllegalArgumentException("fix " + size + " is older than the one before it");
            }
            if (size == timeMs.length) {
                timeMs = Arrays.copyOf(timeMs, 2 * size);
                latitude = Arrays.copyOf(latitude, 2 * size);
                longitude = Arrays.copyOf(longitude, 2 * size);
            }
            timeMs[size] = fixTimeMs;
            latitude[size] = latitudeDegrees;
            longitude[size++] = longitudeDegrees;
            return this;
        }

        public int size() {
            return size;
        }

        public Track build() {
            return new Track(name, size, timeMs, latitude, longitude).slice(0, size);
        }
    }
}
