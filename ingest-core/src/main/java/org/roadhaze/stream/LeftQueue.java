// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;

/** The queue of a stream that nobody appends to any more. Stateless. */
public final class LeftQueue {
    private LeftQueue() {}

    /**
     * Deletes its files that hold nothing younger than something, the newest, too; and with the last of them the queue's directory,
     * where there is nothing else in it. What is deleted stays so when the power is cut.
     *
     * @param data     the data directory; the caller alone writes there.
     * @param stream   the stream's name; it has a queue there.
     * @param beforeMs milliseconds since 1970-01-01 UTC.
     * @return how many were deleted.
     * @throws IOException when some that should be may still be there.
     */
    public static int deleteBefore(final Path data, final String stream, final long beforeMs) throws IOException {
        final Path queue = StreamFiles.queue(data, stream);
        int deleted = 0;
        int left = 0;
        for (final Path file : QueueVerifier.cycleFiles(queue)) {
            if (left == 0 && QueueFiles.endMs(file) <= beforeMs) {
                Files.delete(file); // The oldest first: what a kill leaves has no gap.
                deleted++;
            } else {
                left++;
            }
        }
        if (left == 0) {
            Files.deleteIfExists(queue.resolve(SingleChronicleQueue.QUEUE_METADATA_FILE));
            deleteWhenEmpty(queue);
            QueueFiles.forceDirectory(queue.getParent());
        } else if (deleted > 0) {
            QueueFiles.forceDirectory(queue);
        }
        return deleted;
    }

    private static void deleteWhenEmpty(final Path queue) throws IOException {
        try {
            Files.delete(queue);
        } catch (final DirectoryNotEmptyException somebodyElses) {
            QueueFiles.forceDirectory(queue);
        }
    }
}
