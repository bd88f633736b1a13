// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import java.util.SplittableRandom;

/**
 * A fleet that drives around in the built-in city for ever: device n drives one of at most {@value #MAX_ROUNDS} rounds,
 * entered at a place of its own, so that no two are at one place at one time.
 */
final class CityFleet implements FixSource {
    /** Distinct rounds of drives; a larger fleet shares them. */
    static final int MAX_ROUNDS = 256;

    private static final long MAX_RECORDS_PER_SECOND = 5_000_000;
    private static final long MAX_FRAMES_PER_SECOND_AND_DEVICE = 20_000;
    private static final long EARLIEST_MS = 1_104_537_600_000L;

    private final Drives drives;
    private final int intervalMs;
    private final long firstFixTimeMs;
    private final int firstImei;
    private final int[] position;
    private final int[] lap;
    private final long[] taken;

    /**
     * Plans the drives.
     *
     * @param devices        at least 1.
     * @param intervalMs     between fixes.
     * @param firstFixTimeMs of every device.
     * @param seed           the same seed gives the same devices and the same drives.
     */
    CityFleet(final int devices, final int intervalMs, final long firstFixTimeMs, final long seed) {
        this.intervalMs = intervalMs;
        this.firstFixTimeMs = firstFixTimeMs;
        firstImei = (int) Math.floorMod(seed * 0x9E3779B97F4A7C15L, (long) TestImei.COUNT - devices);
        drives = new Drives();
        final Driver driver = new Driver(new StreetGrid(seed), drives, intervalMs, seed);
        for (int round = 0; round < Math.min(devices, MAX_ROUNDS); round++) {
            driver.driveRound();
        }
        position = new int[devices];
        lap = new int[devices];
        taken = new long[devices];
        final SplittableRandom random = new SplittableRandom(seed);
        for (int device = 0; device < devices; device++) {
            position[device] = random.nextInt(drives.length(device % drives.rounds()));
        }
    }

    /**
     * Plans a fleet whose fixes end about now when the run ends. With a rate that is known before; without one the
     * fastest run imaginable is, and a slower one ends in the past. A run that comes as far as now goes on as trackers
     * do: a fix is sent when its time has come.
     *
     * @param options concluded.
     * @param nowMs   milliseconds since 1970-01-01 UTC.
     * @return the fleet.
     */
    static CityFleet plan(final SimulatorOptions options, final long nowMs) {
        final int intervalMs = options.intervalMs();
        final double seconds = options.duration().toMillis() / 1000.0;
        final double fixesPerSecond = options.isOpenLoop()
                ? (double) options.recordsPerSecond() / options.devices()
                : Math.min(
                        (double) MAX_RECORDS_PER_SECOND / options.devices(),
                        (double) MAX_FRAMES_PER_SECOND_AND_DEVICE * options.recordsPerFrame());
        final long aheadMs = Math.round(Math.max(0, fixesPerSecond * seconds * intervalMs - 1000 * seconds));
        final long firstFrameMs = 2L * options.recordsPerFrame() * intervalMs;
        final long firstMs = Math.max(EARLIEST_MS, nowMs - aheadMs - firstFrameMs);
        return new CityFleet(
                options.devices(), intervalMs, firstMs - firstMs % Math.max(1000, intervalMs), options.seed());
    }

    @Override
    public int devices() {
        return position.length;
    }

    @Override
    public long imei(final int device) {
        return TestImei.of(firstImei + device);
    }

    @Override
    public boolean hasNext(final int device) {
        return true;
    }

    @Override
    public long readyAtMs(final int device, final int fixes) {
        return firstFixTimeMs + (taken[device] + fixes - 1) * intervalMs;
    }

    @Override
    public void next(final int device, final Fix out) {
        final int round = device % drives.rounds();
        drives.get(round, position[device], out);
        out.timeMs = firstFixTimeMs + taken[device] * intervalMs;
        out.odometerM += lap[device] * drives.odometerAtEndM(round);
        taken[device]++;
        if (++position[device] == drives.length(round)) {
            position[device] = 0;
            lap[device]++;
        }
    }
}
