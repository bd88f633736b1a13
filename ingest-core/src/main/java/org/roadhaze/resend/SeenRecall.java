// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.resend;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a start finds in the files of a {@link SeenLog}: newest first, as far as is asked for; what lies behind is removed.
 *
 * <p>Whether the document of an entry came to be shows in where its stream's last document was later on: at this start, or
 * when any later file was begun. The least of them decides. A greater one may be that of another document, which took the
 * place of one that a kill prevented; or of one that a power cut took away again.
 */
final class SeenRecall {
    private final List<String> streams;
    private final boolean isForced;
    private final RebuiltStreams rebuilt;
    private final TakenIn taken;
    private final Map<String, Long> leastByName = new HashMap<>();
    private final ArrayDeque<SeenLog.Segment> kept = new ArrayDeque<>();
    private final SeenBefore seen;
    private final long newest;

    /**
     * Reads.
     *
     * @param directory     where the files are.
     * @param acrossStarts  how many records are asked for.
     * @param streams       the streams' names.
     * @param lastDocuments where each one's last document lies; -1: there is none.
     * @param isForced      whether what is found has to be on the disk before anybody goes by it.
     * @param rebuilt       the streams that have what the journal has.
     * @param taken         told what is found of the journal's documents.
     */
    SeenRecall(
            final Path directory,
            final int acrossStarts,
            final List<String> streams,
            final long[] lastDocuments,
            final boolean isForced,
            final RebuiltStreams rebuilt,
            final TakenIn taken)
            throws IOException {
        this.rebuilt = rebuilt;
        this.taken = taken;
        this.streams = streams;
        this.isForced = isForced;
        for (int i = 0; i < lastDocuments.length; i++) {
            leastByName.put(streams.get(i), lastDocuments[i]);
        }
        final List<Path> files = SeenSegment.files(directory);
        newest = files.isEmpty() ? 0 : SeenSegment.number(files.get(files.size() - 1));
        seen = new SeenBefore(removeOld(files, acrossStarts));
        for (int i = files.size() - 1; i >= 0; i--) {
            recall(files.get(i));
        }
    }

    /** What was seen. */
    SeenBefore seen() {
        return seen;
    }

    /** The files that are left, oldest first. */
    ArrayDeque<SeenLog.Segment> kept() {
        return kept;
    }

    /** The number of the newest file that there was; 0: none. */
    long newest() {
        return newest;
    }

    /** Removes the oldest files that are not needed any more, from the list, too; returns how many records the others have. */
    private static int removeOld(final List<Path> files, final int enough) throws IOException {
        int total = 0;
        int first = files.size();
        while (first > 0 && total < enough) {
            first--;
            final SeenSegment segment = SeenSegment.read(files.get(first));
            total += segment == null ? 0 : segment.records();
        }
        for (int i = 0; i < first; i++) {
            Files.delete(files.get(i));
        }
        files.subList(0, first).clear();
        return total;
    }

    private void recall(final Path file) throws IOException {
        final SeenSegment segment = SeenSegment.read(file);
        if (segment == null) { // Begun, and no entry in it: it would be behind the head, which was forced at a start.
            Files.delete(file);
            return;
        }
        recall(segment);
        final boolean isNews = segment.lowers(leastByName);
        if (segment.entries().isEmpty() && !isNews) {
            Files.delete(file);
        } else {
            shorten(segment);
            kept.addFirst(new SeenLog.Segment(file, segment.records()));
        }
    }

    private void shorten(final SeenSegment segment) throws IOException {
        try (FileChannel channel = FileChannel.open(segment.path(), StandardOpenOption.WRITE)) {
            channel.truncate(segment.end());
            if (isForced) { // What it says is going to be acknowledged by.
                channel.force(true);
            }
        }
    }

    private void recall(final SeenSegment segment) {
        final int journal = segment.streams().indexOf(rebuilt.journal());
        for (int i = segment.entries().size() - 1; i >= 0; i--) {
            final int entry = segment.entries().get(i);
            recall(segment, entry, journal >= 0 && segment.hasDocument(entry, journal) ? journal : -1);
        }
    }

    private void recall(final SeenSegment segment, final int entry, final int journal) {
        boolean anyStored = false;
        long notStored = 0;
        boolean allStored = true;
        for (int stream = 0; stream < segment.streams().size(); stream++) {
            final String name = segment.streams().get(stream);
            final boolean isOfTheJournal = journal >= 0 && rebuilt.streams().contains(name);
            if (segment.hasDocument(entry, stream) && !isOfTheJournal) {
                if (leastByName.getOrDefault(name, Long.MIN_VALUE) > segment.lastDocumentBefore(entry, stream)) {
                    anyStored = true;
                } else {
                    allStored = false;
                    notStored |= bitOf(name);
                    if (stream == journal) {
                        for (final String other : rebuilt.streams()) {
                            notStored |= bitOf(other);
                        }
                    }
                }
            }
        }
        if (allStored || anyStored) {
            // A stream that was not in the policy then is not to have it now.
            final long storedIn = allStored ? SeenBefore.EVERYWHERE : ~notStored;
            for (int record = 0; record < segment.records(entry); record++) {
                seen.put(segment.tag(entry, record), storedIn);
            }
        }
        if (journal >= 0) {
            taken.put(segment.lastDocumentBefore(entry, journal), segment.tags(entry));
        }
    }

    private long bitOf(final String name) {
        final int now = streams.indexOf(name);
        return now < 0 ? 0 : 1L << now;
    }
}
