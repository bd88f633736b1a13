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
    private final RecordTags tags;
    /** Of each entry, by where the journal's last document before it lies, the tags. */
    private final TreeMap<Long, long[]> entries = new TreeMap<>();

    private final LongHashSet ofDocument = new LongHashSet();
    private final LongHashSet given = new LongHashSet();

    TakenIn(final byte[] key) {
        tags = new RecordTags(key);
    }

    /** Of entries at one place, only the newest became a document: what is put first stays. */
    void put(final long lastDocumentBefore, final long[] taken) {
        entries.putIfAbsent(lastDocumentBefore, taken);
    }

    /**
     * Whether the log still has the entry of a document.
     *
     * @param before where the journal's last document before that one lies; -1: there was none.
     * @return false when the log does not reach so far back, or the document holds no record with a time.
     */
    public boolean knows(final long before) {
        return entries.containsKey(before);
    }

    /**
     * Whether the log reaches back to a document, though none of its records may be in it.
     *
     * @param before where the journal's last document before that one lies; -1: there was none.
     * @return false when it begins later.
     */
    public boolean reaches(final long before) {
        return !entries.isEmpty() && entries.firstKey() <= before;
    }

    /**
     * Goes on to a document.
     *
     * @param before where the journal's last document before it lies; -1: there is none.
     */
    public void beginDocument(final long before) {
        ofDocument.clear();
        final Map.Entry<Long, long[]> entry = entries.ceilingEntry(before);
        if (entry != null && entry.getKey() == before) {
            for (final long tag : entry.getValue()) {
                ofDocument.add(tag);
            }
        }
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
