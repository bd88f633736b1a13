// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.agrona.concurrent.EpochClock;
import org.roadhaze.anonymizer.EventTimeMark;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.anonymizer.mechanism.Rebuilding;
import org.roadhaze.anonymizer.mechanism.SegmentsThatLeft;
import org.roadhaze.anonymizer.policy.RebuildRules;
import org.roadhaze.anonymizer.policy.StreamPolicy;
import org.roadhaze.journal.FrameOpener.Answer;
import org.roadhaze.journal.JournalKeys;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.reader.JournalReader;
import org.roadhaze.resend.LeftBefore;
import org.roadhaze.resend.LeftSegments;
import org.roadhaze.resend.TakenIn;
import org.roadhaze.ring.IngestRing;
import org.roadhaze.stream.Checkpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes again, at a start, what the streams held when the engine before this one died: new chains are given the frames of the
 * journal again, in their order, as an engine would be that had been started so long before. What they let out and what has left
 * already is known by the stream's queue, and does not leave again; the rest is appended before anything new is taken in.
 * <pre>
 *   journal:  ---------|=========================|         frames, up to the last that are safe
 *                      since                     death
 *   queue:    ....---------------------------|             what has left: no effect without its cause, see BehindJournal
 *   chains:            |=========================|~~~~~|   let out the same again, and what is due by now
 *                                            |~~~~~~~~~|   of that, what leaves now
 * </pre>
 * Each release is a function of the frames and of keys ({@link RebuildRules} says of which streams that holds), and the keys are
 * those of then or none: while this goes on no key is made for a late record, so that what was due meanwhile leaves under the key
 * that it would have left under, or not at all.
 *
 * <p>What left and does not come again, though it should, shows that more was known then than is now. Where a release depends on
 * others in its window, nothing of the chain is believed then, and the stream begins anew; elsewhere what has left stays barred
 * for as long as it could be held. Used by one thread, once.
 */
final class HeldRebuild {
    private static final Logger LOG = LoggerFactory.getLogger(HeldRebuild.class);
    private static final long CLOCK_TOLERANCE_MS = 1_000;
    private static final int FRAMES_PER_LOOK_AT_THE_CLOCK = 1_000;

    private final EngineOptions options;
    private final KeyRing keys;
    private final EpochClock clock;
    private final TakenIn taken;
    private final JournalReader journal;
    private final Checkpoint checkpoint;
    private final Map<String, Stream> streams = new LinkedHashMap<>();
    private final PositionBatch batch = new PositionBatch();
    private JournalSpan longest;
    private long frames;
    private long unopened;
    private boolean isWarmingUp = true;

    /** Makes the chain of a stream for a worker, to be given records that were received since a time. */
    @FunctionalInterface
    interface ChainMaker {
        StreamChain make(StreamPolicy stream, int worker, long sinceMs, SegmentsThatLeft segments);
    }

    /** One stream while its chains are made again. */
    private static final class Stream {
        private final StreamPolicy policy;
        private final LeftBefore left;
        /** Null of a stream without segments. */
        private final LeftSegments segments;

        private final long sinceMs;
        private final long journalPlace;
        private final List<StreamChain> chains = new ArrayList<>();
        private final List<RebuiltRecords> records = new ArrayList<>();
        private final List<LagHistory> lags;

        Stream(
                final StreamPolicy policy,
                final LeftBefore left,
                final LeftSegments segments,
                final long sinceMs,
                final long journalPlace,
                final List<LagHistory> lags) {
            this.lags = lags;
            this.policy = policy;
            this.left = left;
            this.segments = segments;
            this.sinceMs = sinceMs;
            this.journalPlace = journalPlace;
        }

        /** Whether its chains were given a frame, as far as they are made again. */
        boolean had(final long place, final Position position) {
            return place > journalPlace && position.receivedTimeMs() >= sinceMs;
        }

        /** The engine before may have died before it noted the last. */
        void noteLags() {
            for (int worker = 0; worker < chains.size(); worker++) {
                lags.get(worker).note(chains.get(worker).timeMark());
            }
        }

        int toLeave() {
            return records.stream().mapToInt(RebuiltRecords::count).sum();
        }
    }

    private HeldRebuild(
            final EngineOptions options,
            final KeyRing keys,
            final EpochClock clock,
            final TakenIn taken,
            final JournalReader journal,
            final Checkpoint checkpoint) {
        this.options = options;
        this.keys = keys;
        this.clock = clock;
        this.taken = taken;
        this.journal = journal;
        this.checkpoint = checkpoint;
    }

    /**
     * Rebuilds. Nothing is appended.
     *
     * @param options     what the engine runs by.
     * @param plan        of which streams.
     * @param keys        the keys of all streams; their clock goes on meanwhile.
     * @param clock       the engine's.
     * @param journalKeys the data keys of journals.
     * @param taken       which records of the journal's frames were new.
     * @param chains      makes chains.
     * @param checkpoint  passed all along; when it throws, nothing has changed, and the next start does it again.
     * @return by stream, its chains and what is to be appended; a stream that is not there begins anew.
     * @throws IOException when a queue or the key store cannot be read.
     */
    static Map<String, Result> run(
            final EngineOptions options,
            final RebuildPlan plan,
            final KeyRing keys,
            final EpochClock clock,
            final JournalKeys journalKeys,
            final TakenIn taken,
            final ChainMaker chains,
            final Checkpoint checkpoint)
            throws IOException {
        if (plan.journal() == null) {
            return Map.of();
        }
        try (JournalReader journal = JournalReader.openWith(options.data(), plan.journal(), journalKeys)) {
            final HeldRebuild rebuild = new HeldRebuild(options, keys, clock, taken, journal, checkpoint);
            for (final StreamPolicy stream : options.policy().streams()) {
                if (plan.isRebuilt(stream)) {
                    rebuild.prepare(stream, chains);
                }
            }
            return rebuild.streams.isEmpty() ? Map.of() : rebuild.rebuild();
        }
    }

    /** What a stream goes on with. */
    record Result(List<StreamChain> chains, List<RebuiltRecords> records, List<LagHistory> lags) {}

    private void prepare(final StreamPolicy policy, final ChainMaker maker) throws IOException {
        final long horizonMs = RebuildRules.horizon(policy).toMillis();
        final JournalSpan found =
                JournalSpan.find(journal, taken, options.policy().version(), horizonMs, checkpoint);
        if (found == null) {
            LOG.info("Stream {} begins anew: the journal has nothing to rebuild it from", policy.name());
            return;
        }
        final List<LagHistory> lags = new ArrayList<>();
        for (int worker = 0; worker < options.ring().workers(); worker++) {
            lags.add(LagHistory.of(options.data(), policy, worker));
        }
        final LagHistory.Beginning beginning = lags.get(0).beginning();
        final String why = whyAnew(policy, beginning, found);
        if (!why.isEmpty()) {
            LOG.warn("Stream {} begins anew: {}", policy.name(), why);
            return;
        }
        final JournalSpan span = found.of(lags.get(0).startMs(), horizonMs);
        if (span.isCutShort()) {
            LOG.warn(
                    "Stream {} is rebuilt from {} s of the journal and not from {}: resends.across-starts, {}, does not reach"
                            + " farther back",
                    policy.name(),
                    (span.lastMs() - span.sinceMs()) / 1_000,
                    horizonMs / 1_000,
                    options.resends().acrossStarts());
        }
        final LeftSegments segments = LeftSegments.of(
                policy, span.sinceMs(), span.sinceMs() == lags.get(0).startMs());
        if (segments != null && segments.isBlindAt(span.lastMs())) {
            LOG.warn(
                    "Stream {} begins anew: {} s of the journal do not show where its segments were cut",
                    policy.name(),
                    (span.lastMs() - span.sinceMs()) / 1_000);
            return;
        }
        final LeftBefore left = LeftBefore.read(
                options.data(), policy.name(), span.sinceMs(), beginning.streamPlace(), segments, checkpoint);
        final Stream stream = new Stream(policy, left, segments, span.sinceMs(), beginning.journalPlace(), lags);
        for (int worker = 0; worker < options.ring().workers(); worker++) {
            final StreamChain chain = maker.make(policy, worker, span.sinceMs(), segments);
            final RebuiltRecords records = new RebuiltRecords(left);
            chain.beginRebuilding(records);
            final EventTimeMark mark = lags.get(worker).at(span.sinceMs());
            if (mark != null) {
                chain.startAt(mark);
            }
            stream.chains.add(chain);
            stream.records.add(records);
        }
        keys.beginRebuilding(policy.name(), span.sinceMs());
        streams.put(policy.name(), stream);
        longest = longest == null || span.sinceMs() < longest.sinceMs() ? span : longest;
    }

    /** Why what a stream held cannot be made again of what there is; empty when it can. */
    private String whyAnew(final StreamPolicy policy, final LagHistory.Beginning beginning, final JournalSpan span) {
        if (beginning == null) {
            return "nobody noted since when it has been let out so";
        }
        if (beginning.policyHash() != policy.hash()) {
            return "its policy was changed, and what it held is not let out by another";
        }
        if (beginning.workers() != options.ring().workers()) {
            return "engine.workers was " + beginning.workers() + " and is "
                    + options.ring().workers() + ", and what each held is not divided again";
        }
        return span.lastMs() > clock.time() + CLOCK_TOLERANCE_MS
                ? "the clock is behind the journal's last frame by " + (span.lastMs() - clock.time()) / 1_000 + " s"
                : "";
    }

    private Map<String, Result> rebuild() throws IOException {
        giveAgain();
        final Map<String, Result> results = new LinkedHashMap<>();
        for (final Stream stream : streams.values()) {
            for (int worker = 0; worker < stream.chains.size(); worker++) {
                tick(stream.chains.get(worker), stream.records.get(worker), keys.nowMs());
            }
        }
        for (final Stream stream : streams.values()) {
            keys.endRebuilding(stream.policy.name());
            if (isBelieved(stream)) {
                results.put(stream.policy.name(), new Result(stream.chains, stream.records, stream.lags));
                LOG.info(
                        "Stream {} is rebuilt from {} frames since {} s before the last: {} records that it let out are"
                                + " there, {} leave now",
                        stream.policy.name(),
                        frames,
                        (longest.lastMs() - stream.sinceMs) / 1_000,
                        stream.records.stream().mapToLong(RebuiltRecords::known).sum(),
                        stream.toLeave());
            }
        }
        if (unopened > 0) {
            LOG.warn("{} frames of the journal could not be opened or decoded: nothing is rebuilt of them", unopened);
        }
        return results;
    }

    private void giveAgain() throws IOException {
        LOG.info(
                "What was held in {} is rebuilt from {} s of the journal before anything is taken in; a signal to stop ends"
                        + " that, and the next start does it again",
                String.join(", ", streams.keySet()),
                (longest.lastMs() - longest.sinceMs()) / 1_000);
        journal.toFileOf(longest.sinceMs());
        long place = -1;
        long minute = -1;
        final long warmUpEndMs = longest.lastMs() - RebuildRules.MARGIN.toMillis();
        while (journal.nextSealed()) {
            checkpoint.pass();
            if (journal.place() != place) {
                place = journal.place();
                taken.beginDocument(place);
            }
            if (place >= longest.firstPlace()) {
                if (isWarmingUp && journal.receivedTimeMs() >= warmUpEndMs) {
                    endWarmUp(warmUpEndMs);
                }
                if (journal.receivedTimeMs() / EventTimeMark.MINUTE_MS != minute) {
                    minute = journal.receivedTimeMs() / EventTimeMark.MINUTE_MS;
                    streams.values().forEach(Stream::noteLags);
                }
                giveAgainOne();
                frames++;
                if (frames % FRAMES_PER_LOOK_AT_THE_CLOCK == 0) {
                    keys.advanceTo(clock.time());
                }
            }
        }
        streams.values().forEach(Stream::noteLags);
        keys.advanceTo(clock.time());
    }

    /**
     * What was due so long before the last frame has left, since only one force of the disk lies between, or it was kept back:
     * by a chain that had seen what came before these frames.
     */
    private void endWarmUp(final long untilMs) throws IOException {
        isWarmingUp = false;
        for (final Stream stream : streams.values()) {
            for (int worker = 0; worker < stream.chains.size(); worker++) {
                tick(stream.chains.get(worker), stream.records.get(worker), untilMs);
                stream.records.get(worker).beginGathering();
            }
            if (stream.segments != null) {
                stream.segments.beginEnding();
            }
        }
    }

    private void giveAgainOne() throws IOException {
        journal.open();
        if (journal.answer() != Answer.OPEN) {
            unopened++;
            return;
        }
        try {
            journal.decodeAsReceived(batch);
        } catch (final NoSuchElementException unknownProtocol) {
            unopened++;
            return;
        }
        if (batch.size() == 0) {
            return;
        }
        final boolean[] isNew = new boolean[batch.size()];
        for (int i = 0; i < isNew.length; i++) {
            isNew[i] = taken.isNew(batch.get(i), batch.frame());
        }
        final int worker = IngestRing.shardOf(journal.deviceId(), options.ring().workers());
        for (final Stream stream : streams.values()) {
            for (int i = 0; i < isNew.length; i++) {
                final Position position = batch.get(i);
                if (isNew[i] && stream.had(journal.place(), position)) {
                    stream.chains.get(worker).offer(position, stream.records.get(worker));
                }
            }
        }
    }

    /** Lets everything go that was due by a time. */
    private void tick(final StreamChain chain, final RebuiltRecords records, final long nowMs) throws IOException {
        do {
            checkpoint.pass();
            chain.advanceTo(nowMs, records);
        } while (chain.isLettingGo());
    }

    /** Whether the chains hold what they would hold had the engine not died; they go on if so. */
    private boolean isBelieved(final Stream stream) {
        final long heldMs = stream.policy.holdsBack().toMillis();
        long oldestMs = Long.MAX_VALUE;
        for (int worker = 0; worker < stream.chains.size(); worker++) {
            oldestMs = Math.min(oldestMs, stream.records.get(worker).oldestMs());
            final long eventTimeMs = stream.chains.get(worker).eventTimeMs();
            oldestMs = eventTimeMs == Long.MIN_VALUE ? oldestMs : Math.min(oldestMs, eventTimeMs);
        }
        final long openSinceMs = oldestMs == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : oldestMs - heldMs - RebuildRules.timeStepMs(stream.policy);
        final boolean isExact = stream.left.since(openSinceMs).isEmpty();
        if ((!isExact && RebuildRules.of(stream.policy) == Rebuilding.BY_WINDOW)
                || (stream.segments != null && !stream.segments.isOver())) {
            LOG.warn(
                    "Stream {} begins anew: records that it let out do not come again from the journal, so what it held is not"
                            + " known for certain",
                    stream.policy.name());
            return false;
        }
        final long untilMs = keys.nowMs() + RebuildRules.horizon(stream.policy).toMillis();
        for (final StreamChain chain : stream.chains) {
            final LeftBefore rest = stream.left.since(openSinceMs);
            chain.endRebuilding(isExact ? null : release -> !rest.take(release), untilMs);
        }
        return true;
    }
}
