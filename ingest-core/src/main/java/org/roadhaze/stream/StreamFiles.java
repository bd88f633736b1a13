// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.rollcycles.LargeRollCycles;

/**
 * Where things lie under the data directory.
 * <pre>
 *   DATA/engine.lock              held by the one engine that writes here
 *   DATA/keys/STREAM.keys         the live pseudonym keys of a stream
 *   DATA/keys/journal.key         what the data keys of journals are wrapped with, unless it comes from elsewhere
 *   DATA/keys/journal.db          the data keys of journals, wrapped
 *   DATA/streams/STREAM/*.cq4     its Chronicle Queue
 *   DATA/disclosure/STREAM/*      what has left of each device, a table a day
 *   DATA/dead-letters             some of the frames that came to nothing, sealed
 *   DATA/seen                     which records were taken in
 *   DATA/lags/STREAM-WORKER       how far the time of a chain was behind the clock, minute by minute
 *   DATA/kept/STREAM              for how long it is kept
 *   DATA/forced/STREAM            up to where that is known to lie on the disk
 *   DATA/native                   what the engine that has the journals' keys open unpacked to read them
 * </pre>
 */
public final class StreamFiles {
    /** A file an hour: it holds 1.19 million documents a second, and is the unit of retention. */
    static final RollCycle ROLL_CYCLE = LargeRollCycles.LARGE_HOURLY;

    private StreamFiles() {}

    public static Path lock(final Path data) {
        return data.resolve("engine.lock");
    }

    public static Path keys(final Path data) {
        return data.resolve("keys");
    }

    public static Path journalKey(final Path data) {
        return keys(data).resolve("journal.key");
    }

    public static Path journalKeys(final Path data) {
        return keys(data).resolve("journal.db");
    }

    /** Native libraries of the running engine; what lies there when it first needs one is of an engine that was killed. */
    public static Path nativeLibraries(final Path data) {
        return data.resolve("native");
    }

    public static Path streams(final Path data) {
        return data.resolve("streams");
    }

    public static Path deadLetters(final Path data) {
        return data.resolve("dead-letters");
    }

    public static Path seen(final Path data) {
        return data.resolve("seen");
    }

    /** How far a chain's time is behind the clock. */
    public static Path lag(final Path data, final String stream, final int worker) {
        return lags(data).resolve(stream + "-" + worker);
    }

    static Path lags(final Path data) {
        return data.resolve("lags");
    }

    /** For how long a stream is kept. */
    public static Path kept(final Path data, final String stream) {
        return data.resolve("kept").resolve(stream);
    }

    /**
     * The streams of which it is noted for how long they are kept, whether they have a queue or none any more.
     *
     * @param data the data directory.
     * @return their names, sorted; empty when there are none.
     * @throws IOException when the directory cannot be read.
     */
    public static List<String> namesOfKept(final Path data) throws IOException {
        final List<String> names = namesIn(data.resolve("kept"));
        names.removeIf(name -> name.endsWith(".unfinished"));
        return names;
    }

    static Path disclosures(final Path data, final String stream) {
        return data.resolve("disclosure").resolve(stream);
    }

    static Path forced(final Path data, final String stream) {
        return data.resolve("forced").resolve(stream);
    }

    public static Path queue(final Path data, final String stream) {
        return streams(data).resolve(stream);
    }

    /**
     * The streams that have a queue under a data directory.
     *
     * @param data the data directory.
     * @return their names, sorted; empty when there is no such directory.
     * @throws IOException when it cannot be read.
     */
    public static List<String> names(final Path data) throws IOException {
        return namesIn(streams(data));
    }

    private static List<String> namesIn(final Path directory) throws IOException {
        final List<String> names = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> each = Files.newDirectoryStream(directory)) {
                for (final Path one : each) {
                    names.add(one.getFileName().toString());
                }
            }
        }
        Collections.sort(names);
        return names;
    }
}
