// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.deadletter;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.journal.FrameOrigin;
import org.roadhaze.journal.FrameSealer;
import org.roadhaze.journal.JournalKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps some of the frames that come to nothing, for whoever has to find out why: sealed as a journal seals frames, in a file of
 * their own, {@code dead-letters} of the data directory.
 *
 * <p>Sampled: of each reason and protocol the first is kept, the second, the fourth, the eighth …, so that neither a poisoned
 * fleet nor an attacker has much written. Bounded: {@link #MOST_LETTERS} at most, of {@link #MOST_BYTES} bytes at most; of more,
 * the oldest of the reason that has most goes. Each goes after {@link #KEPT}.
 *
 * <p>{@link #offer} is any thread's: it takes no lock, and allocates for what it keeps alone. Sealing and writing is that of
 * {@link #saveQuietly}.
 */
public final class DeadLetters {
    /** The most letters in the file. */
    public static final int MOST_LETTERS = 256;

    /** The most bytes that are kept of a frame. */
    public static final int MOST_BYTES = 4096;

    /** How long one is kept. */
    public static final Duration KEPT = Duration.ofDays(30);

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final int MOST_REASONS = 64;
    private static final int MOST_WAITING = 64;
    private static final int REMEMBERED_KEYS = MOST_LETTERS;
    private static final String ANY_OTHER = "another reason";

    private final Path file;
    private final List<FrameOrigin> origins;
    private final Duration keyEpoch;
    private final KeyStore keyStore;
    private final List<Map<String, AtomicLong>> countsByProtocol = new ArrayList<>();
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waitingCount = new AtomicInteger();
    private final List<DeadLetter> kept = new ArrayList<>();
    private volatile int keptCount;
    private boolean unsaved;
    private boolean complained;
    private JournalKeys keys;
    private FrameSealer sealer;

    /** Opens the data keys, when they are needed first. */
    @FunctionalInterface
    public interface KeyStore {
        /**
         * Opens them.
         *
         * @return the keys; the letters do not close them.
         * @throws IOException when that cannot be done.
         */
        JournalKeys open() throws IOException;
    }

    private record Waiting(
            String why, int protocol, long deviceId, long receivedTimeMs, int frameLength, UnsafeBuffer bytes) {}

    /**
     * Goes on with the letters that are there.
     *
     * @param file     where they are.
     * @param origins  by protocol index, as the listeners stamp it on frames.
     * @param keyEpoch length of a key epoch.
     * @param keyStore the data keys.
     */
    public DeadLetters(
            final Path file, final List<FrameOrigin> origins, final Duration keyEpoch, final KeyStore keyStore) {
        this.file = file;
        this.origins = List.copyOf(origins);
        this.keyEpoch = keyEpoch;
        this.keyStore = keyStore;
        origins.forEach(origin -> countsByProtocol.add(new ConcurrentHashMap<>()));
        try {
            kept.addAll(DeadLetterFile.read(file));
        } catch (final IOException e) {
            LOG.warn("{}; they are given up", e.getMessage());
        }
        keptCount = kept.size();
    }

    /**
     * Takes a frame, if it is one of those to be kept and there is room. See {@link org.roadhaze.ring.FrameWatch#lost}.
     *
     * @param why            why it came to nothing.
     * @param protocol       the protocol's index.
     * @param deviceId       whose it is.
     * @param receivedTimeMs when it was received.
     * @param bytes          where it is.
     * @param offset         where it begins.
     * @param length         how long it is.
     */
    public void offer(
            final String why,
            final int protocol,
            final long deviceId,
            final long receivedTimeMs,
            final DirectBuffer bytes,
            final int offset,
            final int length) {
        if (Long.bitCount(countOf(why, countsByProtocol.get(protocol)).incrementAndGet()) != 1) {
            return;
        }
        if (waitingCount.incrementAndGet() > MOST_WAITING) {
            waitingCount.decrementAndGet();
            return;
        }
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[Math.min(length, MOST_BYTES)]);
        copy.putBytes(0, bytes, offset, copy.capacity());
        waiting.add(new Waiting(why, protocol, deviceId, receivedTimeMs, length, copy));
    }

    private static AtomicLong countOf(final String why, final Map<String, AtomicLong> counts) {
        final AtomicLong count = counts.get(why);
        if (count != null) {
            return count;
        }
        return counts.computeIfAbsent(counts.size() < MOST_REASONS ? why : ANY_OTHER, reason -> new AtomicLong());
    }

    /**
     * Seals and saves what waits, and lets go what is too old. What cannot be saved is said once, and tried again; what cannot be
     * sealed is lost.
     *
     * @param nowMs the time, milliseconds since 1970-01-01 UTC.
     */
    public synchronized void saveQuietly(final long nowMs) {
        try {
            unsaved |= kept.removeIf(letter -> letter.receivedTimeMs() < nowMs - KEPT.toMillis());
            seal();
            if (unsaved) {
                DeadLetterFile.write(file, kept);
                unsaved = false;
                keptCount = kept.size();
            }
            complained = false;
        } catch (final IOException | RuntimeException e) {
            if (!complained) {
                complained = true;
                LOG.warn("Frames that came to nothing cannot be kept in {}: {}", file, e.getMessage());
            }
        }
    }

    private void seal() throws IOException {
        for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            waitingCount.decrementAndGet();
            if (sealer == null) {
                keys = keyStore.open();
                sealer = new FrameSealer(keys, keyEpoch, origins, REMEMBERED_KEYS);
            }
            final int length = next.bytes().capacity();
            final byte[] sealed = new byte[sealer.sealedLength(next.protocol(), length)];
            sealer.seal(
                    next.deviceId(),
                    next.receivedTimeMs(),
                    next.protocol(),
                    next.bytes(),
                    length,
                    new UnsafeBuffer(sealed),
                    0);
            keys.force(); // No letter is ever without its key.
            kept.add(new DeadLetter(next.why(), next.frameLength(), sealed));
            unsaved = true;
            if (kept.size() > MOST_LETTERS) {
                forgetOne();
            }
        }
    }

    private void forgetOne() {
        final Map<String, Integer> counts = new HashMap<>();
        kept.forEach(letter -> counts.merge(letter.why(), 1, Integer::sum));
        final int most = Collections.max(counts.values());
        int oldest = 0;
        while (counts.get(kept.get(oldest).why()) < most) {
            oldest++;
        }
        kept.remove(oldest);
    }

    /**
     * How many the file has.
     *
     * @return at about this moment.
     */
    public int kept() {
        return keptCount;
    }
}
