// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys of all streams of one engine, each stream's in a file of its own, {@code <stream>.keys}, in a directory that
 * only its owner can enter. Thread safe.
 *
 * <p>Files of streams that nobody has asked for by the first {@link #advanceTo} are retired: their keys die in their time
 * all the same, and the file with the last.
 */
public final class KeyRing {
    private final Opener opener;
    private final Map<String, EpochKeys> streams = new HashMap<>();
    private final Map<String, RetiredKeys> retired;
    private final boolean repeatable;
    private volatile long retiredDueMs;
    private volatile EpochKeys[] all = {};
    private volatile long nowMs;

    /** Opens the keys of one stream. */
    interface Opener {
        EpochKeys open(String stream, Duration rotate, long nowMs);
    }

    KeyRing(final Opener opener, final long nowMs) {
        this(opener, Map.of(), false, nowMs);
    }

    private KeyRing(
            final Opener opener, final Map<String, RetiredKeys> retired, final boolean repeatable, final long nowMs) {
        this.opener = opener;
        this.retired = new HashMap<>(retired);
        this.repeatable = repeatable;
        this.nowMs = nowMs;
        retiredDueMs = retired.isEmpty() ? Long.MAX_VALUE : Long.MIN_VALUE;
    }

    /**
     * Opens a key directory: what has expired in it, of whatever stream, is destroyed when this returns.
     *
     * @param directory where the key files are; made when it is not there.
     * @param nowMs     the engine's clock, milliseconds since 1970-01-01 UTC.
     * @return the ring.
     * @throws KeyFileException when the directory cannot be made, or a key file in it must not or cannot be used.
     */
    public static KeyRing open(final Path directory, final long nowMs) {
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (final IOException e) {
            throw new KeyFileException(directory, "cannot be made: " + e.getMessage(), e);
        }
        return new KeyRing(
                (stream, rotate, now) -> EpochKeys.inFile(directory.resolve(stream + KeyFile.SUFFIX), rotate, now),
                expire(directory, nowMs),
                false,
                nowMs);
    }

    /** Every file is a retired stream's until someone asks for that stream. */
    private static Map<String, RetiredKeys> expire(final Path directory, final long nowMs) {
        final Map<String, RetiredKeys> found = new HashMap<>();
        for (final Path unfinished : list(directory, KeyFile.SUFFIX + KeyFile.UNFINISHED)) {
            new KeyFile(unfinished).destroy();
        }
        for (final Path file : list(directory, KeyFile.SUFFIX)) {
            final RetiredKeys keys = new RetiredKeys(new KeyFile(file));
            keys.advanceTo(nowMs, true);
            if (keys.dueMs() < Long.MAX_VALUE) {
                final String name = file.getFileName().toString();
                found.put(name.substring(0, name.length() - KeyFile.SUFFIX.length()), keys);
            }
        }
        return found;
    }

    private static List<Path> list(final Path directory, final String suffix) {
        final List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*" + suffix)) {
            for (final Path entry : entries) {
                files.add(entry);
            }
        } catch (final IOException | DirectoryIteratorException e) {
            throw new KeyFileException(directory, "cannot be listed: " + e.getMessage(), e);
        }
        return files;
    }

    /**
     * A ring whose keys end with the process.
     *
     * @param nowMs the engine's clock.
     * @return the ring.
     */
    public static KeyRing inMemory(final long nowMs) {
        return new KeyRing((stream, rotate, now) -> EpochKeys.inMemory(rotate, now), nowMs);
    }

    /**
     * A ring whose keys are a function of a seed, for a replay that has to give the same again. Whoever knows the seed can undo
     * what is made with them: {@link org.roadhaze.anonymizer.policy.StreamPolicy#newChain} refuses such a ring, so that no
     * record leaves under one.
     *
     * @param seed  the same seed gives the same keys.
     * @param nowMs the clock of the replay.
     * @return the ring.
     */
    public static KeyRing repeatable(final long seed, final long nowMs) {
        return new KeyRing(
                (stream, rotate, now) -> new EpochKeys(
                        rotate, EpochKeys.graceOf(rotate), KeyStore.IN_MEMORY, new SeededKeys(seed, stream), now),
                Map.of(),
                true,
                nowMs);
    }

    /** Whether its keys are those of {@link #repeatable}: known to whoever knows the seed, and no protection. */
    public boolean isRepeatable() {
        return repeatable;
    }

    /**
     * The keys of a stream; the same for all its workers.
     *
     * @param stream name of the stream.
     * @param rotate length of an epoch; one stream has one.
     * @return the keys.
     * @throws KeyFileException when they cannot be used.
     */
    public synchronized EpochKeys of(final String stream, final Duration rotate) {
        EpochKeys keys = streams.get(stream);
        if (keys == null) {
            keys = opener.open(stream, rotate, nowMs);
            streams.put(stream, keys);
            retired.remove(stream);
            all = streams.values().toArray(new EpochKeys[0]);
        }
        if (keys.rotateMs() != rotate.toMillis()) {
            throw new IllegalArgumentException("stream " + stream + " asks for keys that rotate every " + rotate
                    + ", and has keys that rotate every " + keys.rotateMs() + " ms");
        }
        return keys;
    }

    /**
     * Moves the clock of all keys, see {@link EpochKeys#advanceTo}. Cheap: may be called once per batch.
     *
     * @param engineTimeMs the engine's clock.
     */
    public void advanceTo(final long engineTimeMs) {
        nowMs = engineTimeMs;
        for (final EpochKeys keys : all) {
            keys.advanceTo(engineTimeMs);
        }
        if (engineTimeMs >= retiredDueMs) {
            advanceRetiredTo(engineTimeMs);
        }
    }

    /**
     * How far the clock of the keys has come.
     *
     * @return milliseconds since 1970-01-01 UTC.
     */
    public long nowMs() {
        return nowMs;
    }

    /**
     * While records are given again to the chains of a stream that died: no key of it is made for a late record, and none is used
     * before which another may have been used for the same epoch since a time. What finds no key does not leave.
     *
     * @param stream  name of the stream.
     * @param sinceMs milliseconds since 1970-01-01 UTC.
     */
    public synchronized void beginRebuilding(final String stream, final long sinceMs) {
        of(stream).forEach(keys -> keys.onlyFirstKeys(sinceMs));
    }

    /**
     * Late records get keys again.
     *
     * @param stream name of the stream.
     */
    public synchronized void endRebuilding(final String stream) {
        of(stream).forEach(EpochKeys::allKeys);
    }

    /** Those that its pseudonyms are made with, and those of its randomness. */
    private List<EpochKeys> of(final String stream) {
        final List<EpochKeys> found = new ArrayList<>();
        streams.forEach((name, keys) -> {
            if (name.equals(stream) || name.startsWith(stream + '.')) {
                found.add(keys);
            }
        });
        return found;
    }

    private synchronized void advanceRetiredTo(final long engineTimeMs) {
        final boolean first = retiredDueMs == Long.MIN_VALUE;
        long due = Long.MAX_VALUE;
        for (final RetiredKeys keys : retired.values()) {
            if (first || engineTimeMs >= keys.dueMs()) {
                keys.advanceTo(engineTimeMs, false);
            }
            due = Math.min(due, keys.dueMs());
        }
        retired.values().removeIf(keys -> keys.dueMs() == Long.MAX_VALUE);
        retiredDueMs = due;
    }
}
