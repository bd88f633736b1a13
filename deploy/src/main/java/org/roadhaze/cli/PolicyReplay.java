// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.anonymizer.mechanism.AttributeAllowList;
import org.roadhaze.anonymizer.policy.StreamPolicy;
import org.roadhaze.evaluation.Published;
import org.roadhaze.evaluation.Tessellation;
import org.roadhaze.evaluation.Track;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;

/**
 * Replays tracks through the chain of a stream, the one that an engine runs, in the order of their fixes and with a clock that
 * shows the newest of them; each record comes out beside the fix that it is made from. Every call starts afresh, with other keys:
 * those of the first, the second, the third call are functions of the seed, so that a replay repeats another of its seed.
 *
 * <p>Traces have no speed: that of a fix is the one from the fix before ({@link Track#speedKmh}). A speed that leaves rounded down
 * is taken for the middle of its step.
 */
final class PolicyReplay implements Function<List<Track>, List<Published>> {
    private static final double E7 = 1e7;
    private static final double CM_PER_SEC_TO_KMH = 0.036;

    /** How far the clock goes on at a time when no fix comes any more. */
    private static final long TICK_MS = 1000;

    private final StreamPolicy stream;
    private final SplittableRandom seeds;
    private final Map<List<String>, List<String>> attributeLists = new HashMap<>();

    /** In the attribute's scale. */
    private final long halfSpeedStep;

    /**
     * A replay of a stream.
     *
     * @param stream lets places out: no journal.
     * @param seed   of the keys of its mechanisms.
     */
    PolicyReplay(final StreamPolicy stream, final long seed) {
        this.stream = stream;
        halfSpeedStep = halfSpeedStep(stream);
        seeds = new SplittableRandom(seed);
    }

    /** Where one track stands. */
    private record Cursor(int device, Track track, int next) {
        private long timeMs() {
            return track.timeMs(next);
        }
    }

    /** Sees each record as it leaves. */
    @FunctionalInterface
    interface Witness {
        /**
         * A record leaves.
         *
         * @param candidate the record and the fix that it comes from; valid only during the call.
         * @param nowMs     event time.
         */
        void left(Candidate candidate, long nowMs);
    }

    @Override
    public List<Published> apply(final List<Track> tracks) {
        final List<Published> records = new ArrayList<>();
        replay(tracks, (candidate, nowMs) -> add(candidate, nowMs, records));
        return records;
    }

    /**
     * Replays tracks; the number of a device is that of its track, from 1.
     *
     * @param tracks  in no particular order.
     * @param witness is handed what leaves.
     */
    void replay(final List<Track> tracks, final Witness witness) {
        final PriorityQueue<Cursor> cursors =
                new PriorityQueue<>(Comparator.comparingLong(Cursor::timeMs).thenComparingInt(Cursor::device));
        for (int device = 0; device < tracks.size(); device++) {
            if (tracks.get(device).size() > 0) {
                cursors.add(new Cursor(device, tracks.get(device), 0));
            }
        }
        if (!cursors.isEmpty()) {
            new Run(cursors.peek().timeMs(), tracks.size(), witness).replay(cursors);
        }
    }

    private static long halfSpeedStep(final StreamPolicy stream) {
        for (final StreamPolicy.Step step : stream.steps()) {
            if (step.parameters() instanceof AttributeAllowList.Parameters allowed) {
                for (final AttributeAllowList.Kept kept : allowed.keep()) {
                    if (kept.key() == Attribute.SPEED.key() && kept.bucket() > 1) {
                        return kept.bucket() / 2;
                    }
                }
            }
        }
        return 0;
    }

    private void add(final Candidate candidate, final long nowMs, final List<Published> records) {
        final Position fix = candidate.position();
        final Release release = candidate.release();
        final Tessellation cells = Tessellation.of(release.cell()).orElse(null);
        final boolean hasPlace = release.latitudeE7() != Release.NO_COORDINATE;
        if (hasPlace || cells != null) {
            records.add(new Published(
                    release.pseudonym(),
                    release.timeMs() == Release.NO_TIME ? fix.fixTimeMs() : release.timeMs(),
                    hasPlace ? release.latitudeE7() / E7 : cells.centreLatitude(release.cell()),
                    hasPlace ? release.longitudeE7() / E7 : cells.centreLongitude(release.cell()),
                    cells == null ? 0 : cells.areaKm2(release.cell()),
                    fix.deviceId() == 0 ? Published.NO_DEVICE : (int) fix.deviceId() - 1,
                    fix.fixTimeMs(),
                    nowMs,
                    attributes(release),
                    speedKmh(release),
                    devices(release)));
        }
    }

    /** One list for all records that tell the same: there are millions of them. */
    private List<String> attributes(final Release release) {
        final List<String> names = new ArrayList<>();
        for (int i = 0; i < release.attributeCount(); i++) {
            names.add(Attribute.labelOf(release.attributeKey(i)));
        }
        return attributeLists.computeIfAbsent(names, List::copyOf);
    }

    private double speedKmh(final Release release) {
        final int index = indexOf(release, Attribute.SPEED);
        return index < 0
                ? Double.NaN
                : PolicyPromises.inUnit(Attribute.SPEED.key(), release.attributeValue(index) + halfSpeedStep);
    }

    private static long devices(final Release release) {
        final int index = indexOf(release, Attribute.DEVICE_COUNT);
        return index < 0 ? 1 : release.attributeValue(index);
    }

    private static int indexOf(final Release release, final Attribute attribute) {
        for (int i = 0; i < release.attributeCount(); i++) {
            if (release.attributeKey(i) == attribute.key()) {
                return i;
            }
        }
        return -1;
    }

    private final class Run implements Mechanism {
        private final Witness witness;
        private final Position position = new Position();
        private final KeyRing keys;
        private final StreamChain chain;
        private long nowMs;

        private Run(final long startMs, final int devices, final Witness witness) {
            this.witness = witness;
            nowMs = startMs;
            keys = KeyRing.repeatable(seeds.nextLong(), startMs);
            chain = stream.newReplay(keys, devices, this);
        }

        private void replay(final PriorityQueue<Cursor> cursors) {
            for (Cursor cursor = cursors.poll(); cursor != null; cursor = cursors.poll()) {
                offer(cursor);
                if (cursor.next() + 1 < cursor.track().size()) {
                    cursors.add(new Cursor(cursor.device(), cursor.track(), cursor.next() + 1));
                }
            }
            final long endMs = nowMs + 2 * stream.holdsBack().toMillis();
            while (nowMs < endMs) {
                nowMs += TICK_MS;
                keys.advanceTo(nowMs);
                long before;
                do {
                    before = chain.published();
                    chain.advanceTo(nowMs, Run::ignore);
                } while (chain.published() > before);
            }
        }

        private void offer(final Cursor cursor) {
            final Track track = cursor.track();
            nowMs = cursor.timeMs();
            keys.advanceTo(nowMs);
            position.clear();
            position.deviceId(cursor.device() + 1)
                    .fixTimeMs(nowMs)
                    .receivedTimeMs(nowMs)
                    .latitudeE7((int) Math.round(track.latitude(cursor.next()) * E7))
                    .longitudeE7((int) Math.round(track.longitude(cursor.next()) * E7));
            final double kmh = track.speedKmh(cursor.next());
            if (!Double.isNaN(kmh)) {
                position.speedCmPerSec((int) Math.round(kmh / CM_PER_SEC_TO_KMH));
            }
            chain.offer(position, Run::ignore);
        }

        private static void ignore(final Release release) {}

        @Override
        public void accept(final Candidate candidate, final Outlet outlet) {
            witness.left(candidate, nowMs);
            outlet.pass(candidate);
        }
    }
}
