// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.regex.Pattern;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;

/** A stream that nobody appends to any more: its queue, and what lies beside that. Stateless. */
public final class LeftStream {
    private LeftStream() {}

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

    /**
     * Deletes what there is of a stream beside its queue, when it has none any more: the account of what left of each device, up to
     * where the queue was forced, how far its chains were behind, and, last, for how long it was kept. A kill leaves that for the
     * next time, and so does a power cut.
     *
     * @param data   the data directory; the caller alone writes there.
     * @param stream the stream's name.
     * @throws IOException when some of it may still be there.
     */
    public static void forgetWhenGone(final Path data, final String stream) throws IOException {
        if (Files.exists(StreamFiles.queue(data, stream), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        final Path account = StreamFiles.disclosures(data, stream);
        deleteAll(account, file -> true);
        deleteIfThere(account);
        deleteIfThere(StreamFiles.forced(data, stream));
        final Pattern lag = Pattern.compile(Pattern.quote(stream) + "-\\d{1,9}(\\.unfinished)?");
        deleteAll(StreamFiles.lags(data), file -> lag.matcher(file.getFileName().toString())
                .matches());
        deleteIfThere(StreamFiles.kept(data, stream));
    }

    private static void deleteAll(final Path directory, final DirectoryStream.Filter<Path> which) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        boolean isAny = false;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, which)) {
            for (final Path file : files) {
                Files.delete(file);
                isAny = true;
            }
        } catch (final DirectoryIteratorException e) {
            throw e.getCause();
        }
        if (isAny) {
            QueueFiles.forceDirectory(directory);
        }
    }

    private static void deleteIfThere(final Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            QueueFiles.forceDirectory(file.getParent());
        }
    }

    private static void deleteWhenEmpty(final Path queue) throws IOException {
        try {
            Files.delete(queue);
        } catch (final DirectoryNotEmptyException somebodyElses) {
            QueueFiles.forceDirectory(queue);
        }
    }
}
