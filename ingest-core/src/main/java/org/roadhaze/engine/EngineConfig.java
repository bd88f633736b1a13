// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agrona.BitUtil;
import org.roadhaze.anonymizer.mechanism.AttributeAllowList;
import org.roadhaze.anonymizer.policy.Policy;
import org.roadhaze.anonymizer.policy.PolicyReader;
import org.roadhaze.anonymizer.policy.StreamPolicy;
import org.roadhaze.config.ConfigException;
import org.roadhaze.config.ConfigMap;
import org.roadhaze.config.ConfigNode;
import org.roadhaze.config.ConfigReader;
import org.roadhaze.config.HostPort;
import org.roadhaze.geo.Geofences;
import org.roadhaze.geo.RouteParameters;
import org.roadhaze.geometry.InvalidAreasException;
import org.roadhaze.listener.ConnectionLimits;
import org.roadhaze.listener.ListenerOptions;
import org.roadhaze.listener.QuarantineOptions;
import org.roadhaze.protocol.Protocol;
import org.roadhaze.protocol.Protocols;
import org.roadhaze.resend.ResendOptions;
import org.roadhaze.resend.SeenLog;
import org.roadhaze.ring.AckLevel;
import org.roadhaze.ring.CommitOptions;
import org.roadhaze.ring.IngestRing;
import org.roadhaze.ring.RingOptions;
import org.roadhaze.stream.DisclosureFiles;

/**
 * Reads an engine's configuration file. Everything wrong with it is told at once; the keys are explained in the default
 * file of the distribution.
 */
public final class EngineConfig {
    private static final int DEFAULT_SLOTS = 4096;
    private static final int MAX_THREADS = 64;
    private static final int MAX_DEVICES = 10_000_000;
    private static final int DEFAULT_MAX_DEVICES = 1_000_000;

    /** However little memory there is: an account that finds none is not kept, and the engine runs. */
    private static final int LEAST_DEFAULT_MAX_DEVICES = 10_000;

    private static final float CM_PER_SEC_IN_KMH = 0.036f;

    private EngineConfig() {}

    /**
     * Reads a file.
     *
     * @param file the YAML file.
     * @return what it says.
     * @throws ConfigException when anything in it is wrong, with everything that is.
     */
    public static EngineOptions read(final Path file) {
        final ConfigReader reader = new ConfigReader();
        final ConfigMap root = reader.read(file);
        final EngineOptions options = read(root);
        reader.finish();
        return options;
    }

    private static EngineOptions read(final ConfigMap root) {
        final Path data = root.path("data");
        final List<ListenerOptions> listeners = listeners(root);
        final ConfigMap engine = root.mapOrEmpty("engine");
        final int cores = Runtime.getRuntime().availableProcessors();
        final int eventLoops =
                engine.integer("event-loops", 1, MAX_THREADS, Math.min(MAX_THREADS, Math.max(1, cores / 4)));
        final CommitOptions commit = commit(root);
        final Policy policy = PolicyReader.read(root);
        final boolean oneWorker = policy.streams().stream().anyMatch(StreamPolicy::needsWholeFleet);
        final RingOptions ring = ring(engine, oneWorker ? 1 : cores / 4, commit);
        if (policy.streams().size() > SeenLog.MAX_STREAMS) {
            root.keyProblem("streams", policy.streams().size() + " streams", "at most " + SeenLog.MAX_STREAMS);
        }
        for (final StreamPolicy stream : policy.streams()) {
            if (stream.needsWholeFleet() && ring.workers() > 1) {
                engine.keyProblem(
                        "workers",
                        ring.workers() + ", and a stream, " + stream.name()
                                + ", that counts devices or mixes their records",
                        "1: no worker may see a part of the fleet alone");
            }
        }
        final long memory = IngestRing.memoryBytes(ring, policy.streams().size());
        final long allowed = Runtime.getRuntime().maxMemory() / 2;
        if (memory > allowed) {
            engine.keyProblem(
                    "slots",
                    ring.slots() + ", which with " + policy.streams().size() + " streams takes " + (memory >> 20)
                            + " MiB",
                    "what fits into " + (allowed >> 20) + " MiB, half of what this machine's JVM may use");
        }
        return new EngineOptions(
                data,
                listeners,
                eventLoops,
                ring,
                maxDevices(engine, ring, policy, allowed - memory),
                geofences(root, policy),
                route(root.mapOrEmpty("route")),
                limits(root.mapOrEmpty("limits")),
                quarantine(root.mapOrEmpty("quarantine")),
                resends(root.mapOrEmpty("resends")),
                disk(root.mapOrEmpty("disk")),
                journal(root, policy),
                policy);
    }

    /** What left of each device is accounted for in memory that is taken for all that may come. */
    private static int maxDevices(
            final ConfigMap engine, final RingOptions ring, final Policy policy, final long leftBytes) {
        final long accounts = ring.workers()
                * policy.streams().stream().filter(stream -> !stream.journal()).count();
        int fitting = DEFAULT_MAX_DEVICES;
        while (fitting > LEAST_DEFAULT_MAX_DEVICES && accounts * DisclosureFiles.memoryBytes(fitting) > leftBytes) {
            fitting /= 2;
        }
        final int asked = engine.integer("max-devices", 1, MAX_DEVICES, fitting);
        final long memory = accounts * DisclosureFiles.memoryBytes(asked);
        if (engine.has("max-devices") && memory > leftBytes) {
            engine.keyProblem(
                    "max-devices",
                    asked + ", for which the accounts of " + accounts + " streams and workers take " + (memory >> 20)
                            + " MiB",
                    "what fits, beside the ring, into half of what this machine's JVM may use, of which "
                            + (Math.max(0, leftBytes) >> 20) + " MiB are left: " + fitting
                            + ", as is the default here");
        }
        return asked;
    }

    private static Geofences geofences(final ConfigMap root, final Policy policy) {
        final List<ConfigNode> entries = root.list("geofences");
        final List<Path> files = new ArrayList<>();
        for (final ConfigNode entry : entries) {
            files.add(entry.filePath());
        }
        if (files.isEmpty()) {
            refuseStreamsThatWaitForFences(root, policy);
            return Geofences.NONE;
        }
        try {
            return Geofences.read(files);
        } catch (final InvalidAreasException e) {
            for (final String problem : e.problems()) {
                entryOf(problem, entries, files).problem(problem, "");
            }
            return Geofences.NONE;
        }
    }

    private static void refuseStreamsThatWaitForFences(final ConfigMap root, final Policy policy) {
        for (final StreamPolicy stream : policy.streams()) {
            for (final StreamPolicy.Step step : stream.steps()) {
                if (step.parameters() instanceof AttributeAllowList.Parameters attributes
                        && attributes.requiresOneOf(StreamRuntime.GEOFENCE_ATTRIBUTES)) {
                    final String allowed = "a GeoJSON file or more: by stream " + stream.name()
                            + " no record leaves without a geofence that it enters or leaves";
                    root.required("geofences", allowed).ifPresent(list -> list.problem("no file", allowed));
                }
            }
        }
    }

    /** Problems of areas begin with their file. */
    private static ConfigNode entryOf(final String problem, final List<ConfigNode> entries, final List<Path> files) {
        for (int i = 0; i < files.size(); i++) {
            if (problem.startsWith(files.get(i) + ":")) {
                return entries.get(i);
            }
        }
        return entries.get(0);
    }

    private static RouteParameters route(final ConfigMap route) {
        final RouteParameters normal = RouteParameters.DEFAULT;
        final int before = route.reader().problemCount();
        final int movingKmh = route.integer("moving-speed-kmh", 1, 50, 5);
        final double jitter = route.metres("jitter", 1, 200, normal.jitterMetres());
        final double radius = route.metres("stop-radius", Math.max(20, jitter + 1), 1000, normal.stopRadiusMetres());
        final Duration stop = route.duration(
                "stop-after", Duration.ofSeconds(30), Duration.ofHours(2), seconds(normal.stopDwellSeconds()));
        final Duration silence = route.duration(
                "silence", stop.plusSeconds(60), Duration.ofDays(1), seconds(normal.maxSilenceSeconds()));
        final int maxKmh = route.integer("max-speed-kmh", 50, 1224, 300);
        if (route.reader().problemCount() > before) {
            return normal;
        }
        return new RouteParameters(
                Math.round(movingKmh / CM_PER_SEC_IN_KMH),
                (int) jitter,
                (int) radius,
                (int) stop.toSeconds(),
                (int) silence.toSeconds(),
                Math.round(maxKmh / CM_PER_SEC_IN_KMH));
    }

    private static Duration seconds(final int seconds) {
        return Duration.ofSeconds(seconds);
    }

    private static ConnectionLimits limits(final ConfigMap limits) {
        final ConnectionLimits normal = ConnectionLimits.DEFAULT;
        final int most = ConnectionLimits.MOST_CONNECTIONS;
        return new ConnectionLimits(
                limits.integer("connections", 1, most, normal.connections()),
                limits.integer("per-address", 1, most, normal.perAddress()),
                limits.duration(
                        "login-within", ConnectionLimits.LEAST, ConnectionLimits.MOST_WITHIN, normal.loginWithin()),
                limits.duration(
                        "frame-within", ConnectionLimits.LEAST, ConnectionLimits.MOST_WITHIN, normal.frameWithin()),
                limits.duration("silence", ConnectionLimits.LEAST, ConnectionLimits.MOST_SILENCE, normal.silence()));
    }

    private static QuarantineOptions quarantine(final ConfigMap quarantine) {
        final QuarantineOptions normal = QuarantineOptions.DEFAULT;
        final int most = QuarantineOptions.MOST_OFFENCES;
        return new QuarantineOptions(
                quarantine.integer("wrong-sums", 1, QuarantineOptions.MOST_WRONG_SUMS, normal.wrongSums()),
                quarantine.integer("offences", 0, most, normal.offences()),
                quarantine.integer("offences-per-address", 0, most, normal.offencesPerAddress()),
                quarantine.duration("within", QuarantineOptions.LEAST, QuarantineOptions.MOST, normal.within()),
                quarantine.duration("refuse", QuarantineOptions.LEAST, QuarantineOptions.MOST, normal.refuse()));
    }

    private static ResendOptions resends(final ConfigMap resends) {
        final ResendOptions normal = ResendOptions.DEFAULT;
        final int remember = resends.integer("remember", 0, ResendOptions.MOST_REMEMBERED, normal.remember());
        final int acrossStarts = resends.integer(
                "across-starts", ResendOptions.LEAST_ACROSS, ResendOptions.MOST_ACROSS, normal.acrossStarts());
        if (remember == 0) {
            if (resends.has("across-starts")) {
                resends.keyProblem("across-starts", "what a start knows, with remember: 0", "one of the two");
            }
            return ResendOptions.NONE;
        }
        if (remember < ResendOptions.LEAST_REMEMBERED || !BitUtil.isPowerOfTwo(remember)) {
            resends.keyProblem(
                    "remember",
                    Integer.toString(remember),
                    "0, or a power of two from " + ResendOptions.LEAST_REMEMBERED + " to "
                            + ResendOptions.MOST_REMEMBERED);
            return normal;
        }
        return new ResendOptions(remember, acrossStarts);
    }

    private static DiskMarks disk(final ConfigMap disk) {
        final DiskMarks normal = DiskMarks.DEFAULT;
        final long stop =
                disk.bytes("stop-below", DiskMarks.LEAST_BYTES, DiskMarks.MOST_BYTES / 4, normal.stopBelowBytes());
        final long resume = disk.bytes("resume-above", stop + 1, DiskMarks.MOST_BYTES, 2 * stop);
        return resume > stop ? new DiskMarks(stop, resume) : normal; // Otherwise it was refused already.
    }

    private static JournalOptions journal(final ConfigMap root, final Policy policy) {
        final JournalOptions normal = JournalOptions.DEFAULT;
        final boolean isAny = policy.streams().stream().anyMatch(StreamPolicy::journal);
        if (root.has("journal") && !isAny) {
            root.keyProblem(
                    "journal", "keys of a journal, and no stream with journal: true", "the key beside such a stream");
        }
        final ConfigMap journal = root.mapOrEmpty("journal");
        return new JournalOptions(
                journal.has("key-file") ? journal.path("key-file") : normal.keyFile(),
                journal.duration(
                        "key-epoch", JournalOptions.LEAST_EPOCH, JournalOptions.MOST_EPOCH, normal.keyEpoch()));
    }

    /** To lose what was acknowledged has to be accepted in words. */
    private static CommitOptions commit(final ConfigMap root) {
        final AckLevel level = root.choice("ack", AckLevel.class, AckLevel.SYNCED);
        final ConfigMap group = root.mapOrEmpty("commit");
        if (level != AckLevel.SYNCED && root.has("commit")) {
            root.keyProblem("commit", "a group commit with ack: " + ConfigNode.word(level), "one with ack: synced");
        }
        if (level == AckLevel.RECEIVED && !root.has("loss")) {
            root.keyProblem(
                    "ack",
                    "received, which loses acknowledged records when the process dies",
                    "synced, persisted, or received together with the line loss: accepted");
        }
        if (root.has("loss")) {
            root.choice("loss", Loss.class);
            if (level != AckLevel.RECEIVED) {
                root.keyProblem("loss", "accepted with ack: " + ConfigNode.word(level), "the key with ack: received");
            }
        }
        return new CommitOptions(
                level,
                group.duration("every", Duration.ZERO, CommitOptions.MOST_EVERY, CommitOptions.DEFAULT_EVERY),
                group.bytes("bytes", CommitOptions.LEAST_BYTES, CommitOptions.MOST_BYTES, CommitOptions.DEFAULT_BYTES));
    }

    private static RingOptions ring(final ConfigMap engine, final int workers, final CommitOptions commit) {
        int slots = engine.integer("slots", 64, RingOptions.MAX_SLOTS, DEFAULT_SLOTS);
        if (!BitUtil.isPowerOfTwo(slots)) {
            engine.keyProblem("slots", Integer.toString(slots), "a power of two from 64 to " + RingOptions.MAX_SLOTS);
            slots = DEFAULT_SLOTS;
        }
        return new RingOptions(
                slots,
                engine.integer("workers", 1, MAX_THREADS, Math.min(MAX_THREADS, Math.max(1, workers))),
                engine.choice("wait", RingOptions.Waiting.class, RingOptions.Waiting.PARKING),
                commit);
    }

    private static List<ListenerOptions> listeners(final ConfigMap root) {
        final List<ListenerOptions> listeners = new ArrayList<>();
        for (final ConfigMap map : root.maps("listeners")) {
            final String name = map.text("protocol");
            final ListenerOptions.Transport transport = map.choice("transport", ListenerOptions.Transport.class);
            final Optional<Protocol> protocol = Protocols.byName(name);
            if (protocol.isEmpty()) {
                map.keyProblem(
                        "protocol",
                        name,
                        ConfigNode.oneOf(
                                name,
                                Protocols.all().stream().map(Protocol::name).toList()));
                map.hostPort("address");
                map.utcOffset("time-zone", ZoneOffset.UTC);
                continue;
            }
            final Protocol known = protocol.get();
            final boolean spoken = (transport == ListenerOptions.Transport.UDP ? known.udp() : known.tcp()) != null;
            if (!spoken) {
                map.keyProblem(
                        "transport",
                        ConfigNode.word(transport),
                        ConfigNode.word(
                                        transport == ListenerOptions.Transport.UDP
                                                ? ListenerOptions.Transport.TCP
                                                : ListenerOptions.Transport.UDP)
                                + ", the only one that " + name + " has");
            }
            final HostPort address = map.hostPort("address", new HostPort("127.0.0.1", known.defaultPort()));
            listeners.add(new ListenerOptions(
                    known, transport, new InetSocketAddress(address.host(), address.port()), timeZone(map, known)));
        }
        return listeners;
    }

    private static ZoneOffset timeZone(final ConfigMap listener, final Protocol protocol) {
        if (!protocol.localTime()) {
            listener.optional("time-zone")
                    .ifPresent(value -> value.problem("nothing: the times of " + protocol.name() + " are UTC"));
            return ZoneOffset.UTC;
        }
        return listener.utcOffset("time-zone", ZoneOffset.UTC);
    }

    /** What has to be said of acknowledged records before they may be lost. */
    private enum Loss {
        ACCEPTED
    }
}
