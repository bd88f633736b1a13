// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.anonymizer.policy.StreamPolicy;
import org.roadhaze.evaluation.CellSystem;
import org.roadhaze.evaluation.Published;
import org.roadhaze.evaluation.Track;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;

/**
 * Replays tracks through the chain of a stream, the one that an engine runs, in the order of their fixes and with a clock that
 * shows the newest of them; each record comes out beside the fix that it is made from. Every call starts afresh, with other keys:
 * those of the first, the second, the third call are functions of the seed, so that a replay repeats another of its seed.
 */
final class PolicyReplay implements Function<List<Track>, List<Published>> {
    private static final double E7 = 1e7;

    /** How far the clock goes on at a time when no fix comes any more. */
    private static final long TICK_MS = 1000;

    private final StreamPolicy stream;
    private final SplittableRandom seeds;

    /**
     * A replay of a stream.
     *
     * @param stream lets places of single vehicles out: no journal, no counts.
     * @param seed   of the keys of its mechanisms.
     */
    PolicyReplay(final StreamPolicy stream, final long seed) {
        this.stream = stream;
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

    private static void add(final Candidate candidate, final long nowMs, final List<Published> records) {
        final Position fix = candidate.position();
        final Release release = candidate.release();
        final CellSystem cells = CellSystem.of(release.cell()).orElse(null);
        final boolean hasPlace = release.latitudeE7() != Release.NO_COORDINATE;
        if (hasPlace || cells != null) {
            records.add(new Published(
                    release.pseudonym(),
                    release.timeMs() == Release.NO_TIME ? fix.fixTimeMs() : release.timeMs(),
                    hasPlace ? release.latitudeE7() / E7 : cells.centreLatitude(release.cell()),
                    hasPlace ? release.longitudeE7() / E7 : cells.centreLongitude(release.cell()),
                    cells == null ? 0 : cells.areaKm2(release.cell()),
                    (int) fix.deviceId() - 1,
                    fix.fixTimeMs(),
                    nowMs,
                    attributes(release)));
        }
    }

    private static List<String> attributes(final Release release) {
        final List<String> names = new ArrayList<>();
        for (int i = 0; i < release.attributeCount(); i++) {
            names.add(Attribute.labelOf(release.attributeKey(i)));
        }
        return names;
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
