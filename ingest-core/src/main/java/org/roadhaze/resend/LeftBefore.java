// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.resend;

import java.io.IOException;
import java.nio.file.Path;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.collections.Long2LongHashMap;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.anonymizer.key.RandomBytes;
import org.roadhaze.stream.Checkpoint;
import org.roadhaze.stream.DocumentChecksum;
import org.roadhaze.stream.DocumentTailer;
import org.roadhaze.stream.ReleaseLayout;
import org.roadhaze.stream.StreamFiles;
import org.roadhaze.stream.sbe.MessageHeaderDecoder;
import org.roadhaze.stream.sbe.ReleasedDecoder;

/**
 * The records that a stream let out from some time on, before this start: by keyed tags of all that is in them, each as often as it
 * is there. Two that are alike are one another's equals to whoever reads the stream, and to this. Not thread safe.
 */
public final class LeftBefore {
    private static final long NONE = 0;

    private final long key0;
    private final long key1;
    private final Long2LongHashMap counts = new Long2LongHashMap(NONE);
    private final Long2LongHashMap timesMs = new Long2LongHashMap(Release.NO_TIME);
    private final ExpandableArrayBuffer encoded = new ExpandableArrayBuffer(256);
    /** Null of a stream without segments. */
    private final LeftSegments segments;

    private long[] words = new long[32];

    private LeftBefore(final long key0, final long key1, final LeftSegments segments) {
        this.key0 = key0;
        this.key1 = key1;
        this.segments = segments;
    }

    private static long random() {
        long value = 0;
        for (final byte each : RandomBytes.next(Long.BYTES)) {
            value = value << Byte.SIZE | (each & 0xFF);
        }
        return value;
    }

    /**
     * Reads a stream's queue.
     *
     * @param data       the data directory.
     * @param stream     the stream's name; its queue is there.
     * @param fromMs     documents from the hour of this time on are read, milliseconds since 1970-01-01 UTC.
     * @param behind     where the last document lies that is not read: what the stream held was begun anew behind it.
     * @param segments   told of each record, now and when it is taken; null for a stream without segments.
     * @param checkpoint passed at each document.
     * @return what left.
     * @throws IOException when it cannot be read.
     */
    public static LeftBefore read(
            final Path data,
            final String stream,
            final long fromMs,
            final long behind,
            final LeftSegments segments,
            final Checkpoint checkpoint)
            throws IOException {
        final LeftBefore left = new LeftBefore(random(), random(), segments);
        final ExpandableArrayBuffer document = new ExpandableArrayBuffer(4096);
        final DocumentChecksum checksum = new DocumentChecksum();
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        final ReleasedDecoder decoder = new ReleasedDecoder();
        try (DocumentTailer tailer = new DocumentTailer(StreamFiles.queue(data, stream))) {
            tailer.toFileOf(fromMs);
            for (int length = tailer.read(document); length >= 0; length = tailer.read(document)) {
                checkpoint.pass();
                if (tailer.place() <= behind || !checksum.isRight(document, length)) {
                    continue;
                }
                header.wrap(document, 0);
                if (header.schemaId() == ReleasedDecoder.SCHEMA_ID
                        && header.templateId() == ReleasedDecoder.TEMPLATE_ID) {
                    decoder.wrapAndApplyHeader(document, 0, header);
                    left.add(document, decoder);
                }
            }
        }
        return left;
    }

    private void add(final DirectBuffer document, final ReleasedDecoder decoder) {
        for (final ReleasedDecoder.RecordsDecoder each : decoder.records()) {
            final int start = decoder.limit() - ReleasedDecoder.RecordsDecoder.sbeBlockLength();
            final long timeMs = each.timeMs();
            if (segments != null) {
                segments.add(each.pseudonym(), timeMs);
            }
            each.sbeSkip();
            final long tag = tagOf(document, start, decoder.limit() - start);
            counts.put(tag, counts.get(tag) + 1);
            timesMs.put(tag, timeMs);
        }
    }

    private long tagOf(final DirectBuffer buffer, final int offset, final int length) {
        final int count = (length + Long.BYTES - 1) / Long.BYTES + 1;
        if (count > words.length) {
            words = new long[2 * count];
        }
        int used = 0;
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            words[used++] = buffer.getLong(offset + at);
        }
        long rest = length;
        for (; at < length; at++) {
            rest = rest << Byte.SIZE | (buffer.getByte(offset + at) & 0xFF);
        }
        words[used++] = rest;
        return RecordTags.sipHash(words, used, key0, key1);
    }

    /**
     * Whether a release left before; takes it out.
     *
     * @param release what would leave.
     * @return true as often as it left.
     */
    public boolean take(final Release release) {
        final int length = ReleaseLayout.recordLength(release);
        encoded.checkLimit(length);
        ReleaseLayout.putRecord(encoded, 0, release);
        final long tag = tagOf(encoded, 0, length);
        final long count = counts.get(tag);
        if (count == NONE) {
            return false;
        }
        if (count == 1) {
            counts.remove(tag);
            timesMs.remove(tag);
        } else {
            counts.put(tag, count - 1);
        }
        if (segments != null) {
            segments.take(release.pseudonym());
        }
        return true;
    }

    /**
     * What is left of those with a time from some time on.
     *
     * @param sinceMs milliseconds since 1970-01-01 UTC.
     * @return a copy, for another thread.
     */
    public LeftBefore since(final long sinceMs) {
        final LeftBefore late = new LeftBefore(key0, key1, null);
        timesMs.forEachLong((tag, timeMs) -> {
            if (timeMs >= sinceMs) {
                late.counts.put(tag, counts.get(tag));
                late.timesMs.put(tag, timeMs);
            }
        });
        return late;
    }

    /** Whether it is of a stream that is cut into segments. */
    public boolean isCut() {
        return segments != null;
    }

    /**
     * Whether a release that has not left may yet leave, as far as its segment shows.
     *
     * @param release what would leave.
     * @return false where its segment began too early to be made again; true of a stream without segments.
     */
    public boolean canFollow(final Release release) {
        return segments == null || segments.isOver() || segments.isKnown(release.pseudonym());
    }

    public boolean isEmpty() {
        return counts.isEmpty();
    }
}
