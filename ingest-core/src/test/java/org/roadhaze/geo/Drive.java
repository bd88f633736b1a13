// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geo;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.stage.Stage;

/** A synthetic vehicle near 45 degrees north that drives, stands and keeps silent, one fix a batch, seeded noise. */
final class Drive {
    static final long DEVICE = 356_307_042_441_013L;

    private static final double LATITUDE = 45;
    /** Metres per degree there, from the series of the geodetic handbooks: not the formula under test. */
    private static final double NORTH_METRES = 111_131.745;

    private static final double EAST_METRES = 78_846.8;

    private final Stage stage;
    private final PositionBatch batch = new PositionBatch();
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[0]);
    private final List<Position> told = new ArrayList<>();
    private final Random random;
    private double noiseMetres;
    private boolean saysSpeed = true;
    private double eastMetres;
    private double northMetres;
    private double trueMetres;
    private long timeMs = 1_700_000_000_000L;
    private int periodSeconds = 1;

    Drive(final Stage stage, final long seed) {
        this.stage = stage;
        random = new Random(seed);
    }

    Drive noise(final double metres) {
        noiseMetres = metres;
        return this;
    }

    Drive withoutSpeed() {
        saysSpeed = false;
        return this;
    }

    Drive every(final int seconds) {
        periodSeconds = seconds;
        return this;
    }

    /** Along a bearing that swings gently, at a constant speed. */
    Drive go(final int seconds, final double metresPerSec, final double bearingDegrees) {
        for (int i = 0; i < seconds; i += periodSeconds) {
            final double bearing = Math.toRadians(bearingDegrees + 20 * Math.sin(i / 60.0));
            eastMetres += periodSeconds * metresPerSec * Math.sin(bearing);
            northMetres += periodSeconds * metresPerSec * Math.cos(bearing);
            trueMetres += periodSeconds * metresPerSec;
            fix(metresPerSec);
        }
        return this;
    }

    Drive stand(final int seconds) {
        for (int i = 0; i < seconds; i += periodSeconds) {
            fix(0);
        }
        return this;
    }

    Drive silent(final int seconds) {
        timeMs += 1000L * seconds;
        return this;
    }

    Drive jump(final double east, final double north) {
        eastMetres += east;
        northMetres += north;
        return this;
    }

    Drive ignition(final boolean on) {
        timeMs += 1000L * periodSeconds;
        final Position position = next(0);
        position.attribute(Attribute.IGNITION.key(), on ? 1 : 0);
        process(position);
        return this;
    }

    /** What a tracker had buffered: an hour ago, far away. */
    Drive history() {
        final Position position = next(20);
        position.fixTimeMs(timeMs - 3_600_000).latitudeE7(position.latitudeE7() + 5_000_000);
        process(position.history(true));
        return this;
    }

    Drive faulty() {
        final Position position = next(20);
        process(position.latitudeE7(0).longitudeE7(0).addFault(Position.FAULT_NULL_ISLAND));
        return this;
    }

    private void fix(final double metresPerSec) {
        timeMs += 1000L * periodSeconds;
        process(next(metresPerSec));
    }

    private Position next(final double metresPerSec) {
        batch.clear(frame);
        final double east = eastMetres + noiseMetres * random.nextGaussian();
        final double north = northMetres + noiseMetres * random.nextGaussian();
        final Position position = batch.add()
                .deviceId(DEVICE)
                .fixTimeMs(timeMs)
                .latitudeE7((int) Math.round((LATITUDE + north / NORTH_METRES) * 1e7))
                .longitudeE7((int) Math.round(east / EAST_METRES * 1e7));
        if (saysSpeed) {
            position.speedCmPerSec((int) Math.round(metresPerSec * 100));
        }
        return position;
    }

    private void process(final Position position) {
        stage.process(batch);
        told.add(new Position().copyFrom(position));
    }

    double trueMetres() {
        return trueMetres;
    }

    Position last() {
        return told.get(told.size() - 1);
    }

    /** All values of an attribute, in order. */
    List<Long> all(final Attribute attribute) {
        final List<Long> values = new ArrayList<>();
        for (final Position position : told) {
            for (int i = 0; i < position.attributeCount(); i++) {
                if (position.attributeKey(i) == attribute.key()) {
                    values.add(position.attributeValue(i));
                }
            }
        }
        return values;
    }

    /** The distance told last. */
    double lastTripMetres() {
        final List<Long> metres = all(Attribute.TRIP_DISTANCE);
        return metres.get(metres.size() - 1);
    }

    /** The distances of the trips that ended. */
    List<Long> tripMetres() {
        final List<Long> metres = new ArrayList<>();
        for (final Position position : told) {
            if (position.indexOfAttribute(Attribute.TRIP_END.key()) >= 0) {
                metres.add(position.attributeValue(position.indexOfAttribute(Attribute.TRIP_DISTANCE.key())));
            }
        }
        return metres;
    }
}
