// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.roadhaze.anonymizer.StreamChain;

/**
 * How far event time was behind the clock in a chain, and since when, in a file: a chain that is rebuilt is not given the record
 * again that came fastest of all, and has to close its windows when that would have closed them. It says nothing of a device.
 *
 * <p>First when the chain was begun anew, with a lag of -1; then a line for each change, {@code TIME LAG} in milliseconds. A file that is damaged or lost costs exactness, and that shows. Not
 * thread safe.
 */
final class LagHistory {
    /** {@link #startMs} of a chain of which nobody noted it. */
    static final long UNKNOWN = Long.MIN_VALUE;

    private static final int MOST_CHANGES = 1_000;

    private final Path file;
    private final TreeMap<Long, Long> lags = new TreeMap<>();
    private long lastMs = StreamChain.NO_LAG;

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
            for (final String line : Files.readAllLines(file)) {
                final int space = line.indexOf(' ');
                history.lags.put(Long.parseLong(line.substring(0, space)), Long.parseLong(line.substring(space + 1)));
            }
        } catch (final NoSuchFileException first) {
            return history;
        } catch (final IndexOutOfBoundsException | NumberFormatException damaged) {
            history.lags.clear();
        }
        return history;
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
    void begin(final long nowMs) throws IOException {
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
        if (lagMs == StreamChain.NO_LAG || lagMs == lastMs) {
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
        final List<String> lines = lags.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .toList();
        Files.createDirectories(file.getParent());
        final Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        Files.write(unfinished, lines);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
