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
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import org.roadhaze.stream.sbe.MessageHeaderDecoder;

/**
 * Walks all documents of a queue's files, and says what is wrong with them. Reads the files as they lie there, so that a
 * fault that hides documents from the queue's own readers is found, too. Changes nothing; an engine may go on writing.
 */
public final class QueueVerifier {
    private final DocumentChecksum checksum = new DocumentChecksum();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final List<Fault> faults = new ArrayList<>();
    private long files;
    private long documents;
    private long records;

    /**
     * Something wrong.
     *
     * @param file     in which file.
     * @param position at which byte of it.
     * @param index    the queue index of the document, or -1 where there is none.
     * @param problem  what is wrong, in words.
     */
    public record Fault(Path file, long position, long index, String problem) {}

    /**
     * Walks one queue.
     *
     * @param queue its directory.
     * @return this, with what was found.
     * @throws IOException when a file cannot be read.
     */
    public QueueVerifier verify(final Path queue) throws IOException {
        final List<Path> inOrder = cycleFiles(queue);
        for (int i = 0; i < inOrder.size(); i++) {
            verify(inOrder.get(i), i == inOrder.size() - 1);
        }
        return this;
    }

    /**
     * The files of a queue.
     *
     * @param queue its directory.
     * @return oldest first.
     * @throws IOException when it cannot be read.
     */
    static List<Path> cycleFiles(final Path queue) throws IOException {
        final List<Path> inOrder = new ArrayList<>();
        try (DirectoryStream<Path> each = Files.newDirectoryStream(queue, "*" + SingleChronicleQueue.SUFFIX)) {
            each.forEach(inOrder::add);
        }
        Collections.sort(inOrder); // Their names are times.
        return inOrder;
    }

    private void verify(final Path file, final boolean isNewest) throws IOException {
        files++;
        final RollCycle cycle = StreamFiles.ROLL_CYCLE;
        final long firstIndex = cycle.toIndex(QueueFiles.cycleOf(file, cycle), 0);
        try (CycleFile walk = CycleFile.open(file)) {
            while (walk.next()) {
                documents++;
                final String problem = problemOf(walk);
                if (problem != null) {
                    faults.add(new Fault(file, walk.position(), firstIndex + walk.documents() - 1, problem));
                }
            }
            final String problem = problemAtEnd(walk, isNewest);
            if (problem != null) {
                faults.add(new Fault(file, walk.endPosition(), -1, problem));
            }
        }
    }

    private String problemOf(final CycleFile walk) throws IOException {
        if (!checksum.isRight(walk.content(), walk.length())) {
            return "the check sum is wrong: the document is torn or flipped";
        }
        header.wrap(walk.content(), 0);
        final DocumentLayout layout = DocumentLayout.of(header);
        if (layout == null) {
            return "the document is of schema " + header.schemaId() + ", template " + header.templateId()
                    + ", which is not ours";
        }
        records += layout.records(walk.content(), header);
        return null;
    }

    /** Only the file that is written to may be open at its end. */
    private static String problemAtEnd(final CycleFile walk, final boolean isNewest) throws IOException {
        final long behind = walk.end() == CycleFile.End.BEYOND_FILE ? -1 : walk.firstByteBehindEnd();
        return switch (walk.end()) {
            case BEYOND_FILE -> "a document would be longer than the file";
            case INCOMPLETE -> isNewest ? null : "a document was begun and not finished, and no more follows";
            case OPEN ->
                behind >= 0
                        ? "the documents end here, and bytes follow at " + behind + ": what they hold cannot be reached"
                        : isNewest ? null : "the mark at the end is missing: readers wait here for more";
            case MARKED -> null; // What a power cut left behind the mark is cut off by it.
        };
    }

    /**
     * What is wrong, in the order of files and positions.
     *
     * @return empty when all is well.
     */
    public List<Fault> faults() {
        return Collections.unmodifiableList(faults);
    }

    public long files() {
        return files;
    }

    public long documents() {
        return documents;
    }

    /**
     * Records in the documents that are as they were written.
     *
     * @return how many.
     */
    public long records() {
        return records;
    }
}
