// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.stream.ReleaseLayout;
import org.roadhaze.stream.StreamAppender;
import org.roadhaze.stream.sbe.MessageHeaderDecoder;
import org.roadhaze.stream.sbe.ReleasedDecoder;

/**
 * A queue in memory: records gather in a document, a flush puts the document into the page cache, a force brings what was
 * there when it began to the disk. A process that dies loses what gathered; a power cut loses of what was not forced all but
 * some documents at its beginning, as recovery leaves them.
 */
final class SimulatedStream implements StreamAppender {
    /** A record as it was stored. */
    record Stored(long deviceId, long timeMs, int latitudeE7, int longitudeE7) {}

    private final UnsafeBuffer document = new UnsafeBuffer(new byte[1 << 16]);
    private final List<List<Stored>> cache = new ArrayList<>();
    private final Runnable duringForce;
    private final Set<Stored> lucky = new HashSet<>();
    private int length = ReleaseLayout.HEAD_LENGTH;
    private int records;
    private int forced;
    private int logged;
    private boolean lies;
    private boolean failsToForce;
    private boolean failsToAppend;
    private boolean failsBehindAppend;

    /**
     * An empty queue.
     *
     * @param duringForce what others do while the disk is busy.
     */
    SimulatedStream(final Runnable duringForce) {
        this.duringForce = duringForce;
    }

    /** From now on a force is said to be done, and is not. */
    void lie() {
        lies = true;
    }

    /** The next force fails: what was not forced is on the disk in part, or not at all. */
    void failNextForce() {
        failsToForce = true;
    }

    /**
     * The next append fails.
     *
     * @param behind it has come to be, and whoever appended it is killed; otherwise it has not: the disk is full.
     */
    void failNextAppend(final boolean behind) {
        failsToAppend = !behind;
        failsBehindAppend = behind;
    }

    /** The log of what is in all documents so far is on the disk. */
    void logIsForced() {
        logged = cache.size();
    }

    /** Whether such a record was in a document that a power cut left, before the log of what is in it was forced. */
    boolean isLucky(final Stored record) {
        return lucky.contains(record);
    }

    @Override
    public boolean hasRoom(final int sourceLength, final int count) {
        return records == 0 || length + sourceLength < document.capacity();
    }

    @Override
    public boolean isPending() {
        return records > 0;
    }

    @Override
    public long lastDocument() {
        return cache.size() - 1L;
    }

    @Override
    public void append(final DirectBuffer source, final int offset, final int sourceLength, final int count) {
        document.putBytes(length, source, offset, sourceLength);
        length += sourceLength;
        records += count;
    }

    @Override
    public void flush() {
        if (records == 0) {
            return;
        }
        if (failsToAppend) {
            failsToAppend = false;
            throw new IllegalStateException("no space left on the simulated device");
        }
        ReleaseLayout.putHead(document, 1, records);
        ReleaseLayout.putTail(document, length, new byte[] {'s'});
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        final List<Stored> whole = new ArrayList<>();
        for (final ReleasedDecoder.RecordsDecoder each :
                new ReleasedDecoder().wrapAndApplyHeader(document, 0, header).records()) {
            whole.add(new Stored(each.pseudonym(), each.timeMs(), each.latitudeE7(), each.longitudeE7()));
            each.sbeSkip();
        }
        cache.add(whole);
        length = ReleaseLayout.HEAD_LENGTH;
        records = 0;
        if (failsBehindAppend) {
            failsBehindAppend = false;
            throw new IllegalStateException("killed, though only in a simulation");
        }
    }

    @Override
    public void force() throws IOException {
        final int upTo = cache.size();
        duringForce.run();
        if (failsToForce) {
            failsToForce = false;
            throw new IOException("the simulated disk failed");
        }
        if (!lies) {
            forced = Math.max(forced, upTo);
        }
    }

    /** A start brings to the disk what the engine before it appended, before it answers by any of it. */
    void forceRecovered() {
        if (!lies) {
            forced = cache.size();
        }
    }

    /** The process died. */
    void kill() {
        length = ReleaseLayout.HEAD_LENGTH;
        records = 0;
        failsToForce = false;
        failsToAppend = false;
        failsBehindAppend = false;
    }

    /** The machine died. */
    void cutPower(final SplittableRandom random) {
        kill();
        final int left = forced + random.nextInt(cache.size() - forced + 1);
        while (cache.size() > left) {
            cache.remove(cache.size() - 1);
        }
        cache.subList(Math.min(logged, left), left).forEach(lucky::addAll);
        forced = left;
        logged = left;
    }

    /** Everything that a reader would find, in order. */
    List<Stored> stored() {
        final List<Stored> all = new ArrayList<>();
        cache.forEach(all::addAll);
        return all;
    }
}
