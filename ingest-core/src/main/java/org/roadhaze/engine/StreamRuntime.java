// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.CloseHelper;
import org.agrona.concurrent.EpochClock;
import org.roadhaze.anonymizer.BudgetLedger;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.anonymizer.policy.Policy;
import org.roadhaze.anonymizer.policy.StreamPolicy;
import org.roadhaze.device.DeviceTable;
import org.roadhaze.geo.GeofenceStage;
import org.roadhaze.geo.RouteStage;
import org.roadhaze.journal.FrameSealer;
import org.roadhaze.journal.JournalKeys;
import org.roadhaze.journal.KeyProvision;
import org.roadhaze.position.Attribute;
import org.roadhaze.resend.ResendFilter;
import org.roadhaze.resend.SeenLog;
import org.roadhaze.ring.AckLevel;
import org.roadhaze.ring.WorkerParts;
import org.roadhaze.stage.PlausibilityStage;
import org.roadhaze.stage.ReleaseStage;
import org.roadhaze.stage.Stage;
import org.roadhaze.stream.BehindJournal;
import org.roadhaze.stream.Checkpoint;
import org.roadhaze.stream.DisclosureFiles;
import org.roadhaze.stream.StreamAppender;
import org.roadhaze.stream.StreamFiles;
import org.roadhaze.stream.StreamWriter;

/** What the streams of an engine need while it runs: their chains, one set per worker, their keys, and their queues. */
final class StreamRuntime implements AutoCloseable {
    /** What there is only where there are fences. */
    static final Set<Attribute> GEOFENCE_ATTRIBUTES = EnumSet.of(Attribute.GEOFENCE_ENTER, Attribute.GEOFENCE_EXIT);

    private static final Set<Attribute> ROUTE_ATTRIBUTES =
            EnumSet.of(Attribute.ON_TRIP, Attribute.TRIP_START, Attribute.TRIP_END, Attribute.TRIP_DISTANCE);

    /** Whose key each worker remembers at most: 200 bytes each. */
    private static final int MAX_REMEMBERED_KEYS = 100_000;

    private final List<String> names = new ArrayList<>();
    private final List<List<StreamChain>> chainsByStream = new ArrayList<>();
    private final List<List<FrameSealer>> sealersByJournal = new ArrayList<>();
    private final List<WorkerParts> workerParts = new ArrayList<>();
    private final List<DisclosureFiles> accounts = new ArrayList<>();
    private final List<StreamWriter> writers = new ArrayList<>();
    private final RebuildPlan plan;
    private final EpochClock clock;
    private final List<LagHistory> lags = new ArrayList<>();
    private Map<String, HeldRebuild.Result> rebuilt = Map.of();
    private final KeyRing keys;
    private SeenLog seenLog;
    private final EngineOptions options;
    private final Checkpoint checkpoint;
    private boolean isRebuiltAppended;
    private JournalKeys journalKeys;
    private final RetentionSweep retention;

    /**
     * Opens everything, and rebuilds what was held.
     *
     * @param checkpoint passed again and again meanwhile: when it throws, the next start does the same again.
     */
    StreamRuntime(
            final EngineOptions options,
            final ProtocolTable protocols,
            final EpochClock clock,
            final Checkpoint checkpoint)
            throws IOException {
        this.options = options;
        this.checkpoint = checkpoint;
        this.clock = clock;
        plan = RebuildPlan.of(options);
        retention = new RetentionSweep(options, plan, names, writers);
        keys = KeyRing.open(StreamFiles.keys(options.data()), clock.time());
        final List<StreamPolicy> policies = new ArrayList<>();
        final List<StreamPolicy> journals = new ArrayList<>();
        for (final StreamPolicy policy : options.policy().streams()) {
            (policy.journal() ? journals : policies).add(policy);
        }
        if (!journals.isEmpty()) {
            openJournalKeys();
        }
        try {
            for (final StreamPolicy policy : policies) {
                chainsByStream.add(new ArrayList<>());
                addWriter(options, policy, clock);
            }
            for (final StreamPolicy journal : journals) {
                sealersByJournal.add(new ArrayList<>());
                addWriter(options, journal, clock);
            }
            retention.begin();
            seenLog = openSeenLog(options);
            makeParts(options, protocols, policies, journals);
        } catch (final IOException
                | RuntimeException
                | Error e) { // the queue throws errors, too: a disk that is full is one
            close();
            throw e;
        }
    }

    /** Streams with chains first, journals behind them: so the workers count them. */
    private void makeParts(
            final EngineOptions options,
            final ProtocolTable protocols,
            final List<StreamPolicy> policies,
            final List<StreamPolicy> journals)
            throws IOException {
        final int devices = (int) Math.min(
                BudgetLedger.MOST_DEVICES,
                (long) options.maxDevices() * options.ring().workers());
        final BudgetLedger budgets = new BudgetLedger(devices);
        makeChains(policies, budgets);
        for (int worker = 0; worker < options.ring().workers(); worker++) {
            final List<StreamChain> chains = new ArrayList<>();
            for (final List<StreamChain> ofStream : chainsByStream) {
                chains.add(ofStream.get(worker));
            }
            final List<FrameSealer> sealers = new ArrayList<>();
            for (int i = 0; i < journals.size(); i++) {
                final FrameSealer sealer = new FrameSealer(
                        journalKeys,
                        options.journal().keyEpoch(),
                        protocols.origins(),
                        Math.min(MAX_REMEMBERED_KEYS, options.maxDevices()));
                sealers.add(sealer);
                sealersByJournal.get(i).add(sealer);
            }
            final DeviceTable known = new DeviceTable(options.maxDevices());
            workerParts.add(new WorkerParts(
                    List.of(protocols.decoders()),
                    seenLog == null ? ResendFilter.none() : new ResendFilter(options.resends(), known, seenLog),
                    stages(options, known),
                    new ReleaseStage(chains.toArray(new StreamChain[0])),
                    sealers));
        }
    }

    /** One for each stream and worker: rebuilt, where a stream can be. */
    private void makeChains(final List<StreamPolicy> policies, final BudgetLedger budgets) throws IOException {
        final Map<StreamPolicy, List<DisclosureFiles>> accountsOf = new HashMap<>();
        for (final StreamPolicy policy : policies) {
            final List<DisclosureFiles> ofStream = new ArrayList<>();
            for (int worker = 0; worker < options.ring().workers(); worker++) {
                ofStream.add(new DisclosureFiles(options.data(), policy.name(), worker));
            }
            accounts.addAll(ofStream);
            accountsOf.put(policy, ofStream);
        }
        final HeldRebuild.ChainMaker maker = (policy, worker, sinceMs, segments) -> policy.newChain(
                keys, options.maxDevices(), accountsOf.get(policy).get(worker), budgets, sinceMs, segments);
        if (seenLog != null) {
            rebuilt =
                    HeldRebuild.run(options, plan, keys, clock, journalKeys, seenLog.takeTakenIn(), maker, checkpoint);
        }
        final long sinceMs = keys.nowMs();
        for (int i = 0; i < policies.size(); i++) {
            final HeldRebuild.Result result = rebuilt.get(policies.get(i).name());
            for (int worker = 0; worker < options.ring().workers(); worker++) {
                if (plan.isRebuilt(policies.get(i))) {
                    lags.add(
                            result == null
                                    ? beginLag(policies.get(i), worker, sinceMs)
                                    : result.lags().get(worker));
                }
                chainsByStream
                        .get(i)
                        .add(
                                result == null
                                        ? maker.make(policies.get(i), worker, sinceMs, null)
                                        : result.chains().get(worker));
            }
        }
    }

    private LagHistory beginLag(final StreamPolicy policy, final int worker, final long sinceMs) throws IOException {
        final LagHistory history = LagHistory.of(options.data(), policy, worker);
        history.begin(
                sinceMs,
                new LagHistory.Beginning(
                        policy.hash(),
                        options.ring().workers(),
                        lastDocument(policy.name()),
                        lastDocument(plan.journal())));
        return history;
    }

    private long lastDocument(final String stream) {
        return writers.get(names.indexOf(stream)).lastDocument();
    }

    /** Notes how far the chains that may have to be rebuilt are behind the clock. To be called every second. */
    void saveLags() throws IOException {
        int next = 0;
        for (int stream = 0; stream < chainsByStream.size(); stream++) {
            if (plan.isRebuilt(options.policy().stream(names.get(stream)))) {
                for (final StreamChain chain : chainsByStream.get(stream)) {
                    lags.get(next).note(chain.timeMark());
                    lags.get(next).save();
                    next++;
                }
            }
        }
    }

    /** Whether there is something to append that an engine before this one held, and that is due. */
    boolean isAnyRebuilt() {
        return rebuilt.values().stream()
                .anyMatch(result -> result.records().stream().anyMatch(records -> records.count() > 0));
    }

    /**
     * Appends what an engine before this one held, and that is due. Before anything else is; there must be space on the disk.
     *
     * @throws IOException when the disk fails.
     */
    void appendRebuilt() throws IOException {
        for (int i = 0; i < writers.size(); i++) {
            final HeldRebuild.Result result = rebuilt.get(names.get(i));
            if (result != null) {
                final StreamWriter writer = writers.get(i);
                result.records().forEach(records -> records.appendTo(writer));
                writer.flush();
                if (options.ring().commit().level() == AckLevel.SYNCED) {
                    writer.force();
                }
                writer.handOver();
            }
        }
        rebuilt = Map.of();
        isRebuiltAppended = true;
    }

    private void addWriter(final EngineOptions options, final StreamPolicy policy, final EpochClock clock)
            throws IOException {
        final String version = options.policy().version();
        final StreamWriter writer = policy.journal()
                ? StreamWriter.ofJournal(options.data(), policy.name(), version, policy.hash(), clock, journalKeys)
                : new StreamWriter(options.data(), policy.name(), version, policy.hash(), clock);
        names.add(policy.name());
        writers.add(writer);
        if (options.ring().commit().level() == AckLevel.SYNCED) {
            writer.forceRecovered();
        } else {
            writer.leaveUnforced();
        }
    }

    private SeenLog openSeenLog(final EngineOptions options) throws IOException {
        final Path directory = StreamFiles.seen(options.data());
        if (!options.resends().isOn()) {
            SeenLog.remove(directory);
            return null;
        }
        final long[] lastDocuments =
                writers.stream().mapToLong(StreamWriter::lastDocument).toArray();
        final boolean isForced = options.ring().commit().level() == AckLevel.SYNCED;
        try {
            return new SeenLog(directory, options.resends(), names, lastDocuments, isForced, plan.streams());
        } catch (final IOException e) {
            throw new IOException("the log of what was seen, " + directory + ", cannot be used: " + e.getMessage(), e);
        }
    }

    private static List<Stage> stages(final EngineOptions options, final DeviceTable known) {
        final List<Stage> stages = new ArrayList<>();
        stages.add(new PlausibilityStage(known));
        if (options.geofences().size() > 0 && isAnyAskedFor(options.policy(), GEOFENCE_ATTRIBUTES)) {
            stages.add(new GeofenceStage(options.geofences(), known));
        }
        if (isAnyAskedFor(options.policy(), ROUTE_ATTRIBUTES)) {
            stages.add(new RouteStage(options.route(), known));
        }
        return stages;
    }

    /** What no stream lets out is not computed: nobody could see it. */
    private static boolean isAnyAskedFor(final Policy policy, final Set<Attribute> attributes) {
        for (final StreamPolicy stream : policy.streams()) {
            for (final StreamPolicy.Step step : stream.steps()) {
                for (final Attribute attribute : attributes) {
                    if (step.parameters().inputs().contains(attribute.label())) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    List<String> names() {
        return names;
    }

    /** One chain per worker; none of a journal, whose names are behind the others. */
    List<StreamChain> chains(final int stream) {
        return stream < chainsByStream.size() ? chainsByStream.get(stream) : List.of();
    }

    /** Frames that a stream keeps sealed; 0 where it is no journal. */
    long sealed(final int stream) {
        return stream < chainsByStream.size()
                ? 0
                : sealersByJournal.get(stream - chainsByStream.size()).stream()
                        .mapToLong(FrameSealer::sealed)
                        .sum();
    }

    List<WorkerParts> workerParts() {
        return workerParts;
    }

    /** Null when nothing is remembered. */
    SeenLog seenLog() {
        return seenLog;
    }

    /** What the streams' records are appended to; those that are rebuilt at a start follow their journal. */
    StreamAppender[] appenders() {
        final StreamAppender[] appenders = new StreamAppender[writers.size()];
        for (int i = 0; i < appenders.length; i++) {
            final boolean isRebuilt = plan.isRebuilt(options.policy().stream(names.get(i)));
            appenders[i] = isRebuilt ? new BehindJournal(writers.get(i)) : writers.get(i);
        }
        return appenders;
    }

    /** Keeps space reserved for all streams; false when for one of them there is too little. */
    boolean reserve(final long freeBytes) throws IOException {
        boolean enough = true;
        for (final StreamWriter writer : writers) {
            enough &= writer.reserve(freeBytes);
        }
        return enough;
    }

    /** Lets keys die whose time is over. */
    void advanceTo(final long nowMs) {
        keys.advanceTo(nowMs);
    }

    /** The data keys of the journals; where there is no journal, they are opened now, for what is sealed beside the streams. */
    synchronized JournalKeys openJournalKeys() throws IOException {
        if (journalKeys == null) {
            journalKeys = JournalKeys.open(
                    options.data(),
                    KeyProvision.forEngine(options.data(), options.journal().keyFile()));
        }
        return journalKeys;
    }

    /** Makes ahead what the workers are going to need. */
    void prepare() throws IOException {
        if (seenLog != null) {
            seenLog.prepare();
        }
    }

    /**
     * Ends what is older than it is to be kept: the files of all streams, and the keys of what is sealed. Before
     * {@link #appendRebuilt} nothing that a start has to rebuild from, if this one dies before.
     */
    void endOld(final long nowMs) throws IOException {
        retention.run(nowMs, openedJournalKeys(), !rebuilt.isEmpty());
    }

    /** Null while nothing was sealed. */
    private synchronized JournalKeys openedJournalKeys() {
        return journalKeys;
    }

    /** Saves the accounts of what was let out. What was rebuilt, and not appended yet, the next start lets out again. */
    void saveAccounts() {
        if (isRebuiltAppended) {
            accounts.forEach(DisclosureFiles::saveQuietly);
        }
    }

    @Override
    public void close() {
        saveAccounts();
        CloseHelper.closeAll(writers);
        CloseHelper.close(seenLog);
        CloseHelper.close(journalKeys);
    }
}
