// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.roadhaze.anonymizer.StreamChain;

/**
 * How far event time was behind the clock in a chain, and since when, in a file: a chain that is rebuilt is not given the record
 * again that came fastest of all, and has to close its windows when that would have closed them. It says nothing of a device.
 *
 * <pre>
 *   policy HASH workers N stream PLACE journal PLACE     when the chain was begun anew: by what, and behind which documents
 *   TIME -1                                              when that was
 *   TIME LAG                                             for each change, in milliseconds
 * </pre>
 * A file that is damaged or lost is that of no chain: the next begins anew. Not thread safe.
 */
final class LagHistory {
    /** {@link #startMs} of a chain of which nobody noted it. */
    static final long UNKNOWN = Long.MIN_VALUE;

    private static final int MOST_CHANGES = 1_000;
    private static final Pattern HEAD =
            Pattern.compile("policy ([0-9a-f]{16}) workers (\\d{1,9}) stream (-?\\d{1,18}) journal (-?\\d{1,18})");

    private final Path file;
    private final TreeMap<Long, Long> lags = new TreeMap<>();
    private Beginning beginning;
    private long lastMs = StreamChain.NO_LAG;

    /**
     * By what a chain was begun anew, and behind what.
     *
     * @param policyHash   of its stream's policy.
     * @param workers      among how many the devices were divided.
     * @param streamPlace  where the stream's last document lay; -1: there was none.
     * @param journalPlace the same of the journal.
     */
    record Beginning(long policyHash, int workers, long streamPlace, long journalPlace) {}

    private LagHistory(final Path file) {
        this.file = file;
    }

    /**
     * Reads what there is.
     *
     * @param file where it is.
     * @return the history; empty when there is none that can be read.
     * @throws IOException when the disk fails.
     */
    static LagHistory read(final Path file) throws IOException {
        final LagHistory history = new LagHistory(file);
        try {
            history.take(Files.readString(file));
        } catch (final NoSuchFileException first) {
            return history;
        } catch (final CharacterCodingException | IndexOutOfBoundsException | NumberFormatException damaged) {
            history.lags.clear();
            history.beginning = null;
        }
        return history;
    }

    private void take(final String text) {
        final String[] lines = text.split("\n", -1);
        final Matcher head = HEAD.matcher(lines[0]);
        if (!head.matches() || !lines[lines.length - 1].isEmpty()) {
            throw new NumberFormatException("not as it was written");
        }
        for (int i = 1; i < lines.length - 1; i++) {
            final int space = lines[i].indexOf(' ');
            lags.put(Long.parseLong(lines[i].substring(0, space)), Long.parseLong(lines[i].substring(space + 1)));
        }
        beginning = new Beginning(
                Long.parseUnsignedLong(head.group(1), 16),
                Integer.parseInt(head.group(2)),
                Long.parseLong(head.group(3)),
                Long.parseLong(head.group(4)));
    }

    /** By what the chain was begun anew; null when nobody knows. */
    Beginning beginning() {
        return beginning;
    }

    /**
     * What it was.
     *
     * @param timeMs when, milliseconds since 1970-01-01 UTC.
     * @return milliseconds, or {@link StreamChain#NO_LAG} when it is not known.
     */
    long at(final long timeMs) {
        final Map.Entry<Long, Long> entry = lags.floorEntry(timeMs);
        return entry == null ? StreamChain.NO_LAG : entry.getValue();
    }

    /** When the chain was begun anew, milliseconds since 1970-01-01 UTC, or {@link #UNKNOWN}. */
    long startMs() {
        final Map.Entry<Long, Long> first = lags.firstEntry();
        return first != null && first.getValue() == StreamChain.NO_LAG ? first.getKey() : UNKNOWN;
    }

    /** Forgets all: a chain begins anew. */
    void begin(final long nowMs, final Beginning by) throws IOException {
        beginning = by;
        lags.clear();
        lags.put(nowMs, StreamChain.NO_LAG);
        write();
    }

    /**
     * Notes what it is now; writes when that is news.
     *
     * @param nowMs the engine's clock.
     * @param lagMs what {@link StreamChain#lagMs} says.
     */
    void note(final long nowMs, final long lagMs) throws IOException {
        if (lagMs == StreamChain.NO_LAG || lagMs == lastMs || beginning == null) {
            return;
        }
        lags.put(nowMs, lagMs);
        while (lags.size() > MOST_CHANGES) {
            lags.pollFirstEntry();
        }
        write();
        lastMs = lagMs;
    }

    private void write() throws IOException {
        final StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "policy %016x workers %d stream %d journal %d\n",
                beginning.policyHash(),
                beginning.workers(),
                beginning.streamPlace(),
                beginning.journalPlace()));
        lags.forEach(
                (timeMs, lagMs) -> text.append(timeMs).append(' ').append(lagMs).append('\n'));
        Files.createDirectories(file.getParent());
        final Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            final ByteBuffer bytes = UTF_8.encode(text.toString());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
