// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.resend;

import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongHashSet;
import org.roadhaze.position.Position;

/**
 * Which records of a journal's frames were new when they came: by the log of what was seen, whose entries stand before the
 * documents. A frame is kept whole, and some of its records may have been sent before.
 *
 * <p>For each document, in their order: {@link #beginDocument}, then {@link #isNew} for each record. Not thread safe.
 */
public final class TakenIn {
    private static final long NO_DOCUMENT = -1;

    private final RecordTags tags;
    /** Of each entry, by where the journal's last document before it lies, the tags. */
    private final TreeMap<Long, long[]> entries = new TreeMap<>();

    private long lastPlace = Long.MIN_VALUE;
    private final LongHashSet ofDocument = new LongHashSet();
    private final LongHashSet given = new LongHashSet();

    TakenIn(final byte[] key) {
        tags = new RecordTags(key);
    }

    /**
     * Adds an entry that is older than all before it. Of entries at one place, only the newest became a document; and one that
     * stands farther on than a newer one is of documents that are not there any more.
     */
    void put(final long lastDocumentBefore, final long[] taken) {
        if (entries.isEmpty() || lastDocumentBefore < entries.firstKey()) {
            entries.put(lastDocumentBefore, taken);
        }
    }

    /**
     * Whether the log reaches back to a document, though none of its records may be in it.
     *
     * @param place where the document lies.
     * @return false when it begins later.
     */
    public boolean reaches(final long place) {
        return entries.lowerKey(place) != null;
    }

    /**
     * Whether a document was the first of the journal.
     *
     * @param place where the document lies.
     * @return false, too, when the log does not reach back to it.
     */
    public boolean isFirst(final long place) {
        final Long before = entries.lowerKey(place);
        return before != null && before == NO_DOCUMENT;
    }

    /**
     * Goes on to a document. Its entry is the nearest before it, wherever the document before lies: that may have been deleted,
     * or be damaged.
     *
     * @param place where the document lies, behind the one that was begun before.
     */
    public void beginDocument(final long place) {
        ofDocument.clear();
        final Map.Entry<Long, long[]> entry = entries.lowerEntry(place);
        if (entry != null && entry.getKey() >= lastPlace) { // Before that, it is that of the last document.
            for (final long tag : entry.getValue()) {
                ofDocument.add(tag);
            }
        }
        lastPlace = place;
    }

    /**
     * Whether a record was new when its frame came. To be asked once.
     *
     * @param position as the decoder gave it, not judged yet.
     * @param frame    what its text and binary attributes refer to.
     * @return false when it had been sent before, or has no time of its device.
     */
    public boolean isNew(final Position position, final DirectBuffer frame) {
        if (position.fixTimeMs() == Position.UNKNOWN_TIME) {
            return false;
        }
        final long tag = tags.of(position, frame);
        return ofDocument.contains(tag) && given.add(tag);
    }
}
