// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The keys of one stream: a random one of 256 bits for each epoch, an epoch being {@code floor(fix time / rotate)}.
 *
 * <p>A key lives for a grace after the end of its epoch, by the engine's clock, so that late records still carry the
 * pseudonym of the others. Then it is overwritten in memory and removed from its file, those who remember what it made
 * ({@link #whenKeysDie}) erase that, and with it goes every link that is kept between a device and its pseudonyms of that
 * epoch. A record that comes even later gets a new key for its old epoch, which lives for a grace after its making: nothing
 * is lost, but what leaves then carries another pseudonym than what left before.
 *
 * <p>At most {@value #MAX_LIVE_KEYS} keys live at once; beyond that a nearer epoch displaces the one that is farthest from
 * the present, and a farther one gets no key. An honest backlog of months has a few hundred epochs of a day; trackers with
 * a wrong clock cost far epochs, never today's, and no more time than a look-up a record.
 *
 * <p>The keys of the running and the next epoch are made and saved ahead; a late key is saved within a second of its
 * making. What has expired is gone from memory, from the file, and with those who remember what it made when the {@link
 * #advanceTo} that destroyed it returns; of what was displaced, the key at once, the rest a second later at most.
 *
 * <p>Thread safe: the workers of all shards share it. They ask on a cache miss only, and never wait for the disk; {@link
 * #advanceTo} is called once per batch and does nothing, without a lock, until something is due.
 */
public final class EpochKeys {
    /** The most keys that live at once. */
    public static final int MAX_LIVE_KEYS = LiveKeys.CAPACITY;

    /** {@link #keyOf} of an epoch that gets no key. */
    public static final long NO_KEY = 0;

    /** {@link #pseudonym} in an epoch that gets no key. */
    public static final long NO_PSEUDONYM = 0;

    /** The longest grace that a key gets after its epoch. */
    public static final Duration LONGEST_GRACE = Duration.ofHours(24);

    private static final long SAVE_INTERVAL_MS = 1_000;

    private final long rotateMs;
    private final long graceMs;
    private final KeyStore store;
    private final KeySource source;
    private final HmacSha256 hmac = new HmacSha256();
    private final LiveKeys live = new LiveKeys();
    private final AtomicLong nowMs;
    private final ReentrantLock saving = new ReentrantLock();
    private final List<Runnable> erasers = new CopyOnWriteArrayList<>();
    private long erasedDeaths;
    private long savedAtMs;
    private boolean unsaved;
    private boolean onlyFirstKeys;
    private long firstKeysSinceMs;
    private volatile long dueMs;

    EpochKeys(
            final Duration rotate,
            final Duration grace,
            final KeyStore store,
            final KeySource source,
            final long nowMs) {
        this.rotateMs = rotate.toMillis();
        this.graceMs = grace.toMillis();
        this.store = store;
        this.source = source;
        this.nowMs = new AtomicLong(nowMs);
        for (final EpochKey key : store.load(rotateMs)) {
            admit(key);
        }
        unsaved = true;
        savedAtMs = nowMs - SAVE_INTERVAL_MS;
        renewAndSave();
    }

    /**
     * Keys that survive a restart. The grace is one rotation, at most {@link #LONGEST_GRACE}.
     *
     * @param file   the stream's key file; made when it is not there.
     * @param rotate length of an epoch, at least one millisecond.
     * @param nowMs  the engine's clock.
     * @return the keys.
     * @throws KeyFileException when the file can be read by others, is damaged, or cannot be written.
     */
    public static EpochKeys inFile(final Path file, final Duration rotate, final long nowMs) {
        return new EpochKeys(rotate, graceOf(rotate), new KeyFile(file), new SecureRandom()::nextBytes, nowMs);
    }

    /**
     * Keys that end with the process.
     *
     * @param rotate length of an epoch, at least one millisecond.
     * @param nowMs  the engine's clock.
     * @return the keys.
     */
    public static EpochKeys inMemory(final Duration rotate, final long nowMs) {
        return new EpochKeys(rotate, graceOf(rotate), KeyStore.IN_MEMORY, new SecureRandom()::nextBytes, nowMs);
    }

    /**
     * How long after its epoch a key lives on for late records.
     *
     * @param rotate length of an epoch.
     * @return the grace.
     */
    public static Duration graceOf(final Duration rotate) {
        return rotate.compareTo(LONGEST_GRACE) < 0 ? rotate : LONGEST_GRACE;
    }

    /**
     * The pseudonym of a device in an epoch: the first 64 bits of HMAC-SHA256(key of the epoch, device ‖ epoch).
     *
     * @param deviceId the device.
     * @param epoch    the epoch.
     * @return the pseudonym, or {@link #NO_PSEUDONYM} when there are too many keys of nearer epochs.
     */
    public synchronized long pseudonym(final long deviceId, final long epoch) {
        final EpochKey key = late(epoch);
        if (key == null) {
            return NO_PSEUDONYM;
        }
        final byte[] code = hmac.of(key.bytes, deviceId, epoch);
        long pseudonym = NO_PSEUDONYM;
        for (int offset = 0; offset < code.length && pseudonym == NO_PSEUDONYM; offset += Long.BYTES) {
            pseudonym = HmacSha256.getLong(code, offset);
        }
        Arrays.fill(code, (byte) 0);
        return pseudonym == NO_PSEUDONYM ? 1 : pseudonym;
    }

    /**
     * The key that makes the pseudonyms of an epoch now. Whoever keeps a pseudonym asks for its key first, for the pseudonym
     * then, and keeps both: when the key dies in between, what was kept is never believed.
     *
     * @param epoch the epoch.
     * @return the key's serial, which no other key ever has; or {@link #NO_KEY}.
     */
    public synchronized long keyOf(final long epoch) {
        final EpochKey key = late(epoch);
        return key == null ? NO_KEY : key.serial;
    }

    /**
     * A subkey of an epoch's key: the first 128 bits of HMAC-SHA256(key of the epoch, not use ‖ epoch). Uses are small
     * positive numbers, so that what is hashed for one is no device's, which is an IMEI.
     *
     * @param epoch  the epoch.
     * @param use    what the subkey is for, in [1, 255].
     * @param subkey gets the two longs.
     * @return the serial of the epoch's key, see {@link #keyOf}; or {@link #NO_KEY}.
     */
    synchronized long subkey(final long epoch, final long use, final EpochRandom.Subkey subkey) {
        final EpochKey key = late(epoch);
        if (key == null) {
            return NO_KEY;
        }
        final byte[] code = hmac.of(key.bytes, ~use, epoch);
        subkey.key0 = HmacSha256.getLong(code, 0);
        subkey.key1 = HmacSha256.getLong(code, Long.BYTES);
        Arrays.fill(code, (byte) 0);
        return key.serial;
    }

    /**
     * Whether a key still lives: a pseudonym kept beyond its key would link late records to what left before. No lock.
     *
     * @param serial what {@link #keyOf} returned.
     * @return false once it is destroyed.
     */
    public boolean isLive(final long serial) {
        return live.isLive(serial);
    }

    /**
     * Names what is to be done once keys have died: whoever keeps pseudonyms by device erases those whose key {@link #isLive}
     * no more. Who is named once is called for as long as these keys are used.
     *
     * @param erase called on the thread of an {@link #advanceTo}, not under the lock that pseudonyms need.
     */
    public void whenKeysDie(final Runnable erase) {
        erasers.add(erase);
    }

    public long rotateMs() {
        return rotateMs;
    }

    /**
     * Moves the clock: destroys the keys whose time is over and has what they made erased, makes those of the running and
     * the next epoch, saves. A clock that goes backwards is not followed.
     *
     * @param engineTimeMs the engine's clock, milliseconds since 1970-01-01 UTC.
     * @throws KeyFileException when the file cannot be written; the next call tries again.
     */
    public void advanceTo(final long engineTimeMs) {
        if (engineTimeMs > nowMs.get()) {
            nowMs.accumulateAndGet(engineTimeMs, Math::max);
        }
        if (engineTimeMs >= dueMs && saving.tryLock()) {
            try {
                renewAndSave();
            } finally {
                saving.unlock();
            }
        }
    }

    /** Saves without the lock that pseudonyms need: what it writes is a copy, which dies when it is written. */
    private void renewAndSave() {
        final List<EpochKey> snapshot = renew();
        if (hasAnyDied()) {
            erasers.forEach(Runnable::run);
        }
        if (snapshot.isEmpty()) {
            return;
        }
        boolean saved = false;
        try {
            store.save(rotateMs, snapshot);
            saved = true;
        } finally {
            snapshot.forEach(EpochKey::destroy);
            if (!saved) {
                saveAgain();
            }
        }
    }

    /** Whether a key has died since this was last asked. */
    private synchronized boolean hasAnyDied() {
        final boolean died = live.deaths() != erasedDeaths;
        erasedDeaths = live.deaths();
        return died;
    }

    private synchronized void saveAgain() {
        unsaved = true;
        savedAtMs = nowMs.get() - SAVE_INTERVAL_MS;
        dueMs = Long.MIN_VALUE;
    }

    /** Does what is due in memory; the keys to save now, or none. */
    private synchronized List<EpochKey> renew() {
        final List<EpochKey> snapshot = new ArrayList<>();
        final long now = nowMs.get();
        final boolean died = live.destroyExpired(now, rotateMs, graceMs);
        final long epoch = Math.floorDiv(now, rotateMs);
        boolean made = makeSure(epoch);
        made |= makeSure(epoch + 1);
        unsaved |= died || made;
        if (unsaved && (died || made || now - savedAtMs >= SAVE_INTERVAL_MS)) {
            unsaved = false;
            savedAtMs = now;
            for (final EpochKey key : live.all()) {
                snapshot.add(key.copy());
            }
        }
        dueMs = nextDueMs(epoch);
        return snapshot;
    }

    private boolean makeSure(final long epoch) {
        return live.get(epoch) == null && create(epoch) != null;
    }

    /**
     * Makes no key for an epoch that has none, and gives none that may not be the only one that was used for the epoch since a
     * time: what was let out since is made again as it was, or not at all.
     *
     * @param sinceMs milliseconds since 1970-01-01 UTC.
     */
    synchronized void onlyFirstKeys(final long sinceMs) {
        onlyFirstKeys = true;
        firstKeysSinceMs = sinceMs;
    }

    /** Late records get keys again. */
    synchronized void allKeys() {
        onlyFirstKeys = false;
    }

    private boolean isFirst(final EpochKey key) {
        return key.createdAtMs <= Math.max((key.epoch + 1) * rotateMs, firstKeysSinceMs);
    }

    /** The key of an epoch that records came for, made when there is none and a place for one. */
    private EpochKey late(final long epoch) {
        EpochKey key = live.get(epoch);
        if (onlyFirstKeys) {
            return key == null || isFirst(key) ? key : null;
        }
        if (key == null) {
            key = create(epoch);
            if (key != null) {
                unsaved = true;
                dueMs = Math.min(dueMs, savedAtMs + SAVE_INTERVAL_MS);
            }
        }
        return key;
    }

    private EpochKey create(final long epoch) {
        if (!live.makeRoom(epoch, Math.floorDiv(nowMs.get(), rotateMs))) {
            return null;
        }
        final byte[] bytes = new byte[EpochKey.LENGTH_BYTES];
        source.fill(bytes);
        final EpochKey key = new EpochKey(epoch, nowMs.get(), bytes);
        live.add(key);
        return key;
    }

    private void admit(final EpochKey key) {
        if (live.get(key.epoch) == null && live.makeRoom(key.epoch, Math.floorDiv(nowMs.get(), rotateMs))) {
            live.add(key);
        } else {
            key.destroy();
        }
    }

    private long nextDueMs(final long epoch) {
        long due = (epoch + 1) * rotateMs;
        for (final EpochKey key : live.all()) {
            due = Math.min(due, key.diesAfterMs(rotateMs, graceMs) + 1);
        }
        return unsaved ? Math.min(due, savedAtMs + SAVE_INTERVAL_MS) : due;
    }
}
