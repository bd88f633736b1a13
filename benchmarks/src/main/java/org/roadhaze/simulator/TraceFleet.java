// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agrona.collections.IntHashSet;
import org.agrona.collections.LongHashSet;
import org.roadhaze.evaluation.TraceReader;

/**
 * A fleet that repeats a recorded trace: one device for each name in the file, its rows in the order of the file.
 *
 * <p>A name's IMEI is computed from the name, so that it is the same in every run. Of rows of one device whose times are
 * equal on the wire only the first is taken: a device has one fix at a time, and what is acknowledged could not be told
 * apart. Where the file has no speed or course they come from the row before.
 */
final class TraceFleet implements FixSource {
    private static final double METRES_PER_E7 = 0.0111195;

    private final Track[] tracks;
    private final int repeatedRows;

    private TraceFleet(final Track[] tracks, final int repeatedRows) {
        this.tracks = tracks;
        this.repeatedRows = repeatedRows;
    }

    /**
     * Loads a trace.
     *
     * @param file       see {@link TraceReader}.
     * @param maxDevices the first so many names are taken.
     * @param timeStepMs the step of the wire's time.
     * @return the fleet.
     * @throws IOException              when the file cannot be read.
     * @throws IllegalArgumentException when a line is wrong, or there is no row.
     */
    static TraceFleet load(final Path file, final int maxDevices, final int timeStepMs) throws IOException {
        final Map<String, Track> byName = new LinkedHashMap<>();
        final IntHashSet numbers = new IntHashSet();
        final int[] repeated = new int[1];
        TraceReader.read(file, (device, timeMs, latitudeE7, longitudeE7, altitudeM, speedKmh, courseDeg) -> {
            Track track = byName.get(device);
            if (track == null && byName.size() < maxDevices) {
                track = new Track(TestImei.of(freeNumber(device, numbers)));
                byName.put(device, track);
            }
            if (track == null) {
                return;
            }
            if (!track.times.add(Math.floorDiv(timeMs, timeStepMs))) {
                repeated[0]++;
                return;
            }
            track.add(timeMs, latitudeE7, longitudeE7, altitudeM, speedKmh, courseDeg);
        });
        if (byName.isEmpty()) {
            throw new IllegalArgumentException(file + ": found no row, allowed at least one");
        }
        return new TraceFleet(byName.values().toArray(new Track[0]), repeated[0]);
    }

    private static int freeNumber(final String device, final IntHashSet taken) {
        int number = TestImei.numberOf(device);
        while (!taken.add(number)) {
            number = (number + 1) % TestImei.COUNT;
        }
        return number;
    }

    /**
     * Rows that were left out because the device had a fix at that time already.
     *
     * @return how many.
     */
    int repeatedRows() {
        return repeatedRows;
    }

    @Override
    public int devices() {
        return tracks.length;
    }

    @Override
    public long imei(final int device) {
        return tracks[device].imei;
    }

    @Override
    public boolean hasNext(final int device) {
        return tracks[device].next < tracks[device].size;
    }

    @Override
    public long readyAtMs(final int device, final int fixes) {
        return READY;
    }

    @Override
    public void next(final int device, final Fix out) {
        tracks[device].next(out);
    }

    /** The rows of one device. */
    private static final class Track {
        private static final int SHORTS = 3;

        private final long imei;
        private final LongHashSet times = new LongHashSet();
        private long[] timeMs = new long[64];
        private int[] place = new int[128];
        private short[] motion = new short[64 * SHORTS];
        private int size;
        private int next;
        private double drivenMetres;

        private Track(final long imei) {
            this.imei = imei;
        }

        private void add(
                final long time,
                final int latitudeE7,
                final int longitudeE7,
                final int altitudeM,
                final int speedKmh,
                final int courseDeg) {
            if (size == timeMs.length) {
                timeMs = Arrays.copyOf(timeMs, 2 * size);
                place = Arrays.copyOf(place, 4 * size);
                motion = Arrays.copyOf(motion, 2 * size * SHORTS);
            }
            timeMs[size] = time;
            place[2 * size] = latitudeE7;
            place[2 * size + 1] = longitudeE7;
            final boolean known = altitudeM != TraceReader.NOT_GIVEN;
            motion[size * SHORTS] = (short) (known ? altitudeM : 0);
            motion[size * SHORTS + 1] = (short) (speedKmh != TraceReader.NOT_GIVEN ? speedKmh : speedFromLastRow());
            motion[size * SHORTS + 2] = (short) (courseDeg != TraceReader.NOT_GIVEN ? courseDeg : courseFromLastRow());
            size++;
        }

        private int speedFromLastRow() {
            if (size == 0 || timeMs[size] <= timeMs[size - 1]) {
                return 0;
            }
            final double metres = Math.hypot(eastMetres(), northMetres());
            return (int) Math.min(255, Math.round(3600 * metres / (timeMs[size] - timeMs[size - 1])));
        }

        private int courseFromLastRow() {
            if (size == 0) {
                return 0;
            }
            final double degrees = Math.toDegrees(Math.atan2(eastMetres(), northMetres()));
            return (int) (Math.round(degrees) + 360) % 360;
        }

        private double northMetres() {
            return ((double) place[2 * size] - place[2 * size - 2]) * METRES_PER_E7;
        }

        private double eastMetres() {
            final double latitude = Math.toRadians(place[2 * size] * 1e-7);
            return ((double) place[2 * size + 1] - place[2 * size - 1]) * METRES_PER_E7 * Math.cos(latitude);
        }

        private void next(final Fix out) {
            out.timeMs = timeMs[next];
            out.latitudeE7 = place[2 * next];
            out.longitudeE7 = place[2 * next + 1];
            out.altitudeM = motion[next * SHORTS];
            out.speedKmh = motion[next * SHORTS + 1] & 0xFFFF;
            out.courseDeg = motion[next * SHORTS + 2];
            out.satellites = 10;
            out.ignition = out.speedKmh > 0;
            if (next > 0) {
                drivenMetres += out.speedKmh * Math.max(0, timeMs[next] - timeMs[next - 1]) / 3600.0;
            }
            out.odometerM = (int) drivenMetres;
            next++;
        }
    }
}
