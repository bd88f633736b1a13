// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.roadhaze.anonymizer.key.KeyEncryptionKey;
import org.roadhaze.anonymizer.key.KeyFileException;
import org.roadhaze.anonymizer.key.PrivateFile;
import org.roadhaze.anonymizer.key.RandomBytes;
import org.roadhaze.stream.Durable;
import org.roadhaze.stream.StreamFiles;

/**
 * The data keys of an engine's journals: one, random, for each device and key epoch, for all journals. They are kept
 * wrapped, in {@code keys/journal.db} of the data directory; there a device is named by a tag that tells nothing to who has
 * not the key-encryption key.
 *
 * <p>New keys gather until {@link #force}, so that any number of new devices cost one transaction: the writer of a journal
 * forces them before each document. Thread safe: the workers of all shards ask, on a cache miss only; a worker that asks
 * during a force waits for it.
 */
public final class JournalKeys implements Durable, AutoCloseable {
    /** Between two steps of what takes long: who waits for the monitor is not passed over again and again. */
    private static final long PAUSE_NS = 1_000_000;

    private final KeyEncryptionKey keyEncryptionKey;
    private final KeyEncryptionKey naming;
    private final KeyDatabase database;
    private final Map<DeviceEpoch, New> unsaved = new LinkedHashMap<>();
    private volatile boolean isAnyUnsaved;
    private long transactions;

    private record DeviceEpoch(ByteBuffer tag, int epoch) {}

    private record New(DataKey key, WrappedKey row) {}

    private JournalKeys(
            final KeyEncryptionKey keyEncryptionKey, final KeyEncryptionKey naming, final KeyDatabase database) {
        this.keyEncryptionKey = keyEncryptionKey;
        this.naming = naming;
        this.database = database;
    }

    /**
     * Opens the keys of a data directory for sealing; the store is made when it is not there.
     *
     * @param data             the data directory; the caller alone writes there.
     * @param keyEncryptionKey what they are wrapped with.
     * @return the keys.
     * @throws KeyFileException when they are wrapped with another key.
     * @throws IOException      when the store cannot be used.
     */
    public static JournalKeys open(final Path data, final KeyEncryptionKey keyEncryptionKey) throws IOException {
        SqliteLibrary.unpackInto(StreamFiles.nativeLibraries(data));
        return open(
                keyEncryptionKey, new KeyDatabase(StreamFiles.journalKeys(data), true, keyEncryptionKey.fingerprint()));
    }

    /**
     * Opens the keys of a data directory for reading; an engine may be running there.
     *
     * @param data             the data directory.
     * @param keyEncryptionKey what they are wrapped with.
     * @return the keys.
     * @throws KeyFileException when they are wrapped with another key, or there is no store.
     * @throws IOException      when the store cannot be used.
     */
    public static JournalKeys openExisting(final Path data, final KeyEncryptionKey keyEncryptionKey)
            throws IOException {
        return open(
                keyEncryptionKey, KeyDatabase.toRead(StreamFiles.journalKeys(data), keyEncryptionKey.fingerprint()));
    }

    private static JournalKeys open(final KeyEncryptionKey keyEncryptionKey, final KeyDatabase database)
            throws IOException {
        boolean isOpen = false;
        try {
            final JournalKeys keys =
                    new JournalKeys(keyEncryptionKey, KeyRotation.naming(database, keyEncryptionKey), database);
            isOpen = true;
            return keys;
        } finally {
            if (!isOpen) {
                database.close();
            }
        }
    }

    /** Nonces that nobody else has or will have. */
    synchronized Nonces nonces() throws IOException {
        return new Nonces(database.nextStart());
    }

    /**
     * The key to seal under; a new one is on the disk after the next {@link #force}.
     *
     * @param deviceId whose frames.
     * @param epoch    in which key epoch.
     * @param untilMs  when that ends, milliseconds since 1970-01-01 UTC.
     */
    synchronized DataKey keyOf(final long deviceId, final int epoch, final long untilMs) throws IOException {
        final byte[] tag = naming.tagOf(deviceId);
        final DeviceEpoch device = new DeviceEpoch(ByteBuffer.wrap(tag), epoch);
        final New waiting = unsaved.get(device);
        if (waiting != null) {
            return waiting.key();
        }
        final WrappedKey kept = database.find(tag, epoch);
        if (kept != null) {
            try {
                if (kept.untilMs() < untilMs) {
                    database.extend(kept.id(), untilMs);
                }
                return unwrap(kept);
            } catch (final InvalidKeyException e) {
                throw new IOException("a data key in the key store was altered", e);
            }
        }
        return make(device, tag, untilMs);
    }

    private DataKey make(final DeviceEpoch device, final byte[] tag, final long untilMs) {
        final byte[] id = RandomBytes.next(DataKey.ID_LENGTH);
        final byte[] bytes = RandomBytes.next(KeyEncryptionKey.LENGTH_BYTES);
        final DataKey key = DataKey.of(id, device.epoch(), bytes);
        unsaved.put(
                device, new New(key, new WrappedKey(id, tag, device.epoch(), keyEncryptionKey.wrap(bytes), untilMs)));
        isAnyUnsaved = true;
        Arrays.fill(bytes, (byte) 0);
        return key;
    }

    private DataKey unwrap(final WrappedKey row) throws InvalidKeyException {
        final byte[] bytes = keyEncryptionKey.unwrap(row.wrapped());
        try {
            return DataKey.of(row.id(), row.epoch(), bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * The key of a number.
     *
     * @return null when there is none: it was destroyed.
     * @throws InvalidKeyException when it was altered.
     */
    synchronized DataKey find(final long idHigh, final long idLow) throws IOException, InvalidKeyException {
        final WrappedKey row = database.find(DataKey.idOf(idHigh, idLow));
        return row == null ? null : unwrap(row);
    }

    /** Brings the new keys to the disk, all in one transaction; costs nothing when there are none. */
    @Override
    public void force() throws IOException {
        if (isAnyUnsaved) {
            save();
        }
    }

    private synchronized void save() throws IOException {
        database.insert(unsaved.values().stream().map(New::row).toList());
        unsaved.clear();
        isAnyUnsaved = false;
        transactions++;
    }

    /**
     * How often keys were brought to the disk.
     *
     * @return the count since this was opened.
     */
    public synchronized long transactions() {
        return transactions;
    }

    /**
     * Destroys the keys of a device, of all epochs, and closes: nobody can open its frames any more, nor can we. A copying
     * file system, a wear-levelling disk or a backup may keep what it likes: there the disk itself must be encrypted.
     *
     * @param deviceId the device's number.
     * @return how many keys were destroyed.
     * @throws IOException when they may still be there.
     */
    public synchronized int destroy(final long deviceId) throws IOException {
        return database.destroy(naming.tagOf(deviceId));
    }

    /**
     * Destroys the keys of epochs that ended before something, while others go on: nobody can open what was sealed under them any
     * more. What a kill interrupts, the next call goes on with; so it does after a failure. Who has frames to seal waits for one step at
     * most, of some thousand keys, however many there are and become meanwhile; and once for the new file to be forced, since what is
     * sealed next may be under a key that is in no other. One thread at a time.
     *
     * @param beforeMs milliseconds since 1970-01-01 UTC.
     * @param nowMs    the time; keys of a store from before epochs had ends get theirs by it.
     * @param keyEpoch length of a key epoch now.
     * @return how many keys were destroyed.
     * @throws IOException when some may still be there.
     */
    public int destroyEnded(final long beforeMs, final long nowMs, final Duration keyEpoch) throws IOException {
        return destroyEnded(beforeMs, nowMs, keyEpoch, () -> LockSupport.parkNanos(PAUSE_NS));
    }

    /** The same, with something to do between two steps, while others are let in. */
    int destroyEnded(final long beforeMs, final long nowMs, final Duration keyEpoch, final Runnable between)
            throws IOException {
        final int epochOfNow = epochOf(nowMs, keyEpoch);
        final long epochEndsMs = endOf(epochOfNow, keyEpoch);
        int count = 0;
        int deleted;
        do {
            synchronized (
                    this) { // Again and again: who has frames to seal waits for no more than some thousand of them.
                deleted = database.deleteEnded(beforeMs, epochOfNow, epochEndsMs, nowMs);
            }
            count += deleted;
            between.run();
        } while (deleted == KeyEpochs.KEYS_AT_A_TIME);
        scrub(between);
        return count;
    }

    private void scrub(final Runnable between) throws IOException {
        synchronized (this) {
            if (!database.beginScrub()) {
                return;
            }
        }
        FileChannel old = null;
        while (old == null) {
            synchronized (this) {
                // Nobody may come between the last step and the end: what was changed there would have to be copied at
                // once.
                old = database.scrubSome() ? null : database.endScrub();
            }
            between.run();
        }
        PrivateFile.overwrite(old);
        synchronized (this) {
            database.scrubbed();
        }
    }

    /** The key epoch of a time of receipt. */
    static int epochOf(final long receivedTimeMs, final Duration keyEpoch) {
        return (int) Math.floorDiv(receivedTimeMs, keyEpoch.toMillis());
    }

    /** When a key epoch ends. */
    static long endOf(final int epoch, final Duration keyEpoch) {
        return (epoch + 1L) * keyEpoch.toMillis();
    }

    @Override
    public synchronized void close() {
        database.close();
    }
}
