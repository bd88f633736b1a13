// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.roadhaze.anonymizer.EventTimeMark;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.key.PrivateFile;
import org.roadhaze.anonymizer.policy.RebuildRules;
import org.roadhaze.anonymizer.policy.StreamPolicy;
import org.roadhaze.stream.StreamFiles;

/**
 * How far event time was behind the clock in a chain, minute by minute, in a file: a chain that is rebuilt is not given those
 * records again that event time was told by, and has to close its windows when they would have closed them. It says nothing of a
 * device.
 *
 * <pre>
 *   policy HASH workers N stream PLACE journal PLACE     when the chain was begun anew: by what, and behind which documents
 *   begun TIME                                           when that was, milliseconds since 1970-01-01 UTC
 *   TIME BEHIND EVER LEAST x 10                          for each minute in which a record came, an {@link EventTimeMark}
 * </pre>
 * A file that is damaged or lost is that of no chain: the next begins anew. Not thread safe.
 */
final class LagHistory {
    /** {@link #startMs} of a chain of which nobody noted it. */
    static final long UNKNOWN = Long.MIN_VALUE;

    private static final int FIRST_MARK = 2;
    private static final int MARK_NUMBERS = 3 + EventTimeMark.MINUTES;
    private static final Pattern HEAD =
            Pattern.compile("policy ([0-9a-f]{16}) workers (\\d{1,9}) stream (-?\\d{1,18}) journal (-?\\d{1,18})");
    private static final Pattern BEGUN = Pattern.compile("begun (\\d{1,18})");

    private final Path file;
    private final long keptMs;
    private final TreeMap<Long, EventTimeMark> marks = new TreeMap<>();
    private Beginning beginning;
    private long startMs = UNKNOWN;
    private boolean isNews;

    /**
     * By what a chain was begun anew, and behind what.
     *
     * @param policyHash   of its stream's policy.
     * @param workers      among how many the devices were divided.
     * @param streamPlace  where the stream's last document lay; -1: there was none.
     * @param journalPlace the same of the journal.
     */
    record Beginning(long policyHash, int workers, long streamPlace, long journalPlace) {}

    private LagHistory(final Path file, final long keptMs) {
        this.file = file;
        this.keptMs = keptMs;
    }

    /** Reads what there is of a chain, and keeps as much as it can be rebuilt from. */
    static LagHistory of(final Path data, final StreamPolicy stream, final int worker) throws IOException {
        final Duration kept = RebuildRules.horizon(stream).plus(RebuildRules.MARGIN);
        return read(StreamFiles.lag(data, stream.name(), worker), kept.toMillis());
    }

    /**
     * Reads what there is.
     *
     * @param file   where it is.
     * @param keptMs marks that lie so far before the newest are forgotten, but for the newest of them.
     * @return the history; empty when there is none that can be read.
     * @throws IOException when the disk fails.
     */
    static LagHistory read(final Path file, final long keptMs) throws IOException {
        final LagHistory history = new LagHistory(file, keptMs);
        try {
            history.take(Files.readString(file));
        } catch (final NoSuchFileException first) {
            return history;
        } catch (final CharacterCodingException | IllegalArgumentException damaged) {
            history.marks.clear();
            history.beginning = null;
            history.startMs = UNKNOWN;
        }
        return history;
    }

    private void take(final String text) {
        final String[] lines = text.split("\n", -1);
        final Matcher head = HEAD.matcher(lines[0]);
        final Matcher begun = BEGUN.matcher(lines.length > FIRST_MARK ? lines[1] : "");
        if (!head.matches() || !begun.matches() || !lines[lines.length - 1].isEmpty()) {
            throw new IllegalArgumentException("not as it was written");
        }
        startMs = Long.parseLong(begun.group(1));
        for (int i = FIRST_MARK; i < lines.length - 1; i++) {
            final EventTimeMark mark = mark(lines[i].split(" ", -1));
            marks.put(mark.timeMs(), mark);
        }
        beginning = new Beginning(
                Long.parseUnsignedLong(head.group(1), 16),
                Integer.parseInt(head.group(2)),
                Long.parseLong(head.group(3)),
                Long.parseLong(head.group(4)));
    }

    private static EventTimeMark mark(final String[] numbers) {
        if (numbers.length != MARK_NUMBERS) {
            throw new IllegalArgumentException("not as it was written");
        }
        final List<Long> leastMs = new ArrayList<>();
        for (int i = 3; i < numbers.length; i++) {
            leastMs.add(Long.parseLong(numbers[i]));
        }
        return new EventTimeMark(
                Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]), leastMs);
    }

    /** By what the chain was begun anew; null when nobody knows. */
    Beginning beginning() {
        return beginning;
    }

    /**
     * What it was, as no record told another since.
     *
     * @param timeMs when, milliseconds since 1970-01-01 UTC; the begin of a minute, or of the first record.
     * @return null when it is not known, or no record had come.
     */
    EventTimeMark at(final long timeMs) {
        final Map.Entry<Long, EventTimeMark> entry = marks.floorEntry(timeMs);
        return entry == null ? null : entry.getValue();
    }

    /** When the chain was begun anew, milliseconds since 1970-01-01 UTC, or {@link #UNKNOWN}. */
    long startMs() {
        return startMs;
    }

    /** Forgets all: a chain begins anew. */
    void begin(final long nowMs, final Beginning by) throws IOException {
        beginning = by;
        startMs = nowMs;
        marks.clear();
        write();
    }

    /**
     * Notes what it is now; {@link #save} keeps it.
     *
     * @param mark what {@link StreamChain#timeMark} says.
     */
    void note(final EventTimeMark mark) {
        if (mark == null || beginning == null || mark.equals(marks.put(mark.timeMs(), mark))) {
            return;
        }
        isNews = true;
        final Long oldest = marks.floorKey(mark.timeMs() - keptMs);
        if (oldest != null) {
            marks.headMap(oldest).clear();
        }
    }

    /** Writes what is news. */
    void save() throws IOException {
        if (isNews) {
            write();
            isNews = false;
        }
    }

    private void write() throws IOException {
        final StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "policy %016x workers %d stream %d journal %d\nbegun %d\n",
                beginning.policyHash(),
                beginning.workers(),
                beginning.streamPlace(),
                beginning.journalPlace(),
                startMs));
        for (final EventTimeMark mark : marks.values()) {
            text.append(mark.timeMs())
                    .append(' ')
                    .append(mark.behindMs())
                    .append(' ')
                    .append(mark.leastEverMs());
            mark.leastMs().forEach(leastMs -> text.append(' ').append(leastMs));
            text.append('\n');
        }
        Files.createDirectories(file.getParent());
        PrivateFile.replace(file, UTF_8.encode(text.toString()));
    }
}
