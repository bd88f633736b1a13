// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import org.roadhaze.anonymizer.key.KeyFileException;
import org.roadhaze.anonymizer.key.PrivateFile;

/**
 * The wrapped data keys of all devices, in an SQLite file: what a transaction wrote is on the disk when it returns.
 * <pre>
 *   data_key: key_id 16 random bytes | tag 16, the device's, see KeyEncryptionKey | epoch | wrapped 40
 *             until_ms, when the epoch ends: nothing received later is sealed under it; null where nobody said so yet
 *   meta:     fingerprint of the key-encryption key | starts, how many sealers there have been
 *             scrub, while there may be something left of keys that were destroyed
 *             naming 40, wrapped: the first key-encryption key, which names the devices; once there has been another (version 2)
 * </pre>
 * SQLite keeps what a transaction changes in a second file until the next one, so that what is destroyed is in these two
 * files: it is overwritten in both. Not in blocks that the first gives back when it shrinks, or that a kill leaves of an old file
 * while it is overwritten, where only the key-encryption key protects it. Not thread safe.
 */
final class KeyDatabase implements AutoCloseable {
    private static final long MAX_STARTS = 0xFFFF_FFFFL;

    private final Path file;
    private final byte[] fingerprint;
    private final boolean isReader;
    private Connection connection;
    private PreparedStatement byDevice;
    private PreparedStatement byId;
    private KeyEpochs epochs;
    /** Which file the connection has, for who only reads. */
    private Object openedKey;
    /** Null but while the store is written anew beside. */
    private KeyStoreCopy copy;

    /**
     * Opens the file.
     *
     * @param file        the file.
     * @param isMade      whether to make it when it is not there.
     * @param fingerprint of the key-encryption key.
     * @throws IOException      when it cannot be used.
     * @throws KeyFileException when it is not there, or belongs to another key-encryption key.
     */
    KeyDatabase(final Path file, final boolean isMade, final byte[] fingerprint) throws IOException {
        this(file, isMade, fingerprint, false);
    }

    private KeyDatabase(final Path file, final boolean isMade, final byte[] fingerprint, final boolean isReader)
            throws IOException {
        this.file = file;
        this.fingerprint = fingerprint.clone();
        this.isReader = isReader;
        if (!isReader) {
            KeyStoreCopy.removeUnfinished(file);
        }
        if (Files.notExists(file)) {
            if (!isMade) {
                throw new KeyFileException(file, "there is no such key store, and what is sealed cannot be read");
            }
            PrivateFile.create(file, ByteBuffer.allocate(0));
            PrivateFile.forceDirectoryOf(file);
        }
        try {
            open();
        } catch (final SQLException e) {
            throw failure(e);
        }
    }

    /** Opens it for {@link #find(byte[])} alone, while an engine may use it. */
    static KeyDatabase toRead(final Path file, final byte[] fingerprint) throws IOException {
        return new KeyDatabase(file, false, fingerprint, true);
    }

    private void open() throws SQLException, IOException {
        try {
            open(isReader);
        } catch (final SQLException e) {
            if (!isReader) {
                throw e;
            }
            open(false); // A kill left what has first to be undone.
            close();
            open(true);
        }
    }

    private void open(final boolean isReadOnly) throws SQLException, IOException {
        byDevice = null;
        Connection opened = null;
        try {
            openedKey = fileKey(); // Before it is opened: were it replaced in between, it would be opened once more.
            opened = KeyTables.open(file, isReadOnly);
            KeyTables.prepare(opened, file, fingerprint);
            epochs = new KeyEpochs(opened);
            byId = opened.prepareStatement("select tag, epoch, wrapped from data_key where key_id = ?");
            connection = opened;
            opened = null;
        } finally {
            closeQuietly(opened);
        }
    }

    /**
     * A number that no call has returned before, whatever happens to this process: it is on the disk.
     *
     * @return 1, 2, 3 … as unsigned 32 bits.
     */
    int nextStart() throws IOException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("update meta set value = value + 1 where name = 'starts'");
            try (ResultSet starts = statement.executeQuery("select value from meta where name = 'starts'")) {
                starts.next();
                final long start = starts.getLong(1);
                if (start > MAX_STARTS) {
                    throw new IOException(file + ": all start numbers are used up");
                }
                return (int) start;
            }
        } catch (final SQLException e) {
            throw failure(e);
        }
    }

    /** The key of a device and epoch, or null. */
    WrappedKey find(final byte[] tag, final int epoch) throws IOException {
        try {
            if (byDevice == null) {
                epochs.addColumn();
                byDevice = connection.prepareStatement(
                        "select key_id, wrapped, until_ms from data_key where tag = ? and epoch = ?");
            }
            byDevice.setBytes(1, tag);
            byDevice.setInt(2, epoch);
            try (ResultSet found = byDevice.executeQuery()) {
                return found.next()
                        ? new WrappedKey(found.getBytes(1), tag, epoch, found.getBytes(2), found.getLong(3))
                        : null;
            }
        } catch (final SQLException e) {
            throw failure(e);
        }
    }

    /**
     * The key of a number, or null. An engine may have put another file in the place of the one that is read here: then the old one
     * knows nothing of what came since, and soon nothing at all.
     */
    WrappedKey find(final byte[] id) throws IOException {
        try {
            return isReader ? rowOfReader(id) : row(id);
        } catch (final SQLException e) {
            throw failure(e);
        }
    }

    private WrappedKey rowOfReader(final byte[] id) throws SQLException, IOException {
        WrappedKey found = null;
        boolean isReplaced;
        try {
            found = row(id);
            isReplaced = found == null && !fileKey().equals(openedKey);
        } catch (final SQLException overwritten) {
            isReplaced = true;
        }
        if (!isReplaced) {
            return found;
        }
        close();
        open();
        return row(id);
    }

    /** Which file has the name now. One that is open keeps its number to itself. */
    private Object fileKey() throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private WrappedKey row(final byte[] id) throws SQLException {
        byId.setBytes(1, id);
        try (ResultSet found = byId.executeQuery()) {
            return found.next() ? new WrappedKey(id, found.getBytes(1), found.getInt(2), found.getBytes(3), 0) : null;
        }
    }

    /** What is sealed under a key of this number may have been received up to then. */
    void extend(final byte[] id, final long untilMs) throws IOException {
        try {
            epochs.extend(id, untilMs);
            changed(id);
        } catch (final SQLException e) {
            throw failure(e);
        }
    }

    /** See {@link KeyEpochs#dateUndated} and {@link KeyEpochs#deleteEnded}; {@link #beginScrub} is to follow. */
    int deleteEnded(final long beforeMs, final int epochOfNow, final long epochEndsMs, final long nowMs)
            throws IOException {
        try {
            epochs.dateUndated(epochOfNow, epochEndsMs, nowMs);
            return epochs.deleteEnded(beforeMs);
        } catch (final SQLException e) {
            throw failure(e);
        }
    }

    private void changed(final byte[] id) {
        if (copy != null) {
            copy.changed(id);
        }
    }

    /**
     * Begins to leave nothing in the files of keys that were deleted, now or before a kill: the store is written anew beside, by
     * {@link #scrubSome}, until it says that all is there, and then {@link #endScrub}.
     *
     * @return whether there is anything to do.
     */
    boolean beginScrub() throws IOException {
        try {
            if (!epochs.isScrubDue()) {
                return false;
            }
            if (copy != null) { // It failed in the middle.
                close();
                open();
            }
            copy = new KeyStoreCopy(connection, file);
            return true;
        } catch (final SQLException e) {
            throw failure(e);
        }
    }

    /** Copies a few keys; false when {@link #endScrub} has no more than a few to copy: if nothing is changed before. */
    boolean scrubSome() throws IOException {
        try {
            return copy.copySome();
        } catch (final SQLException e) {
            throw failure(e);
        }
    }

    /**
     * Goes on in the new file.
     *
     * @return the old one: to be overwritten, and then {@link #scrubbed}.
     */
    FileChannel endScrub() throws IOException {
        try {
            copy.finish();
            close();
            try {
                destroyUndoFile();
                return copy.replace();
            } finally {
                copy = null;
                open();
            }
        } catch (final SQLException e) {
            throw failure(e);
        }
    }

    /** Nothing is left of what was deleted. */
    void scrubbed() throws IOException {
        try {
            epochs.scrubbed();
        } catch (final SQLException e) {
            throw failure(e);
        }
    }

    /** Adds keys, all of them or none; on the disk when this returns. */
    void insert(final Collection<WrappedKey> rows) throws IOException {
        try {
            epochs.addColumn();
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into data_key (key_id, tag, epoch, wrapped, until_ms) values (?,?,?,?,?)")) {
                for (final WrappedKey row : rows) {
                    insert.setBytes(1, row.id());
                    insert.setBytes(2, row.tag());
                    insert.setInt(3, row.epoch());
                    insert.setBytes(4, row.wrapped());
                    insert.setLong(5, row.untilMs());
                    insert.executeUpdate();
                }
            }
            connection.commit();
            connection.setAutoCommit(true);
            rows.forEach(row -> changed(row.id()));
        } catch (final SQLException e) {
            throw failure(e);
        }
    }

    /** The key that names devices, wrapped; null: the key-encryption key does. */
    byte[] naming() throws IOException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("select value from meta where name = 'naming'")) {
            return found.next() ? found.getBytes(1) : null;
        } catch (final SQLException e) {
            throw failure(e);
        }
    }

    /** See {@link KeyRewrap#rewrap}; what keys were wrapped as is still in the files until {@link #rewrite}. */
    int rewrap(final KeyRewrap.Rewrapping rewrapping, final byte[] otherFingerprint, final byte[] naming)
            throws IOException {
        try {
            return new KeyRewrap(connection).rewrap(rewrapping, otherFingerprint, naming);
        } catch (final SQLException e) {
            throw failure(e);
        }
    }

    /**
     * Destroys the keys of a device: the file is written anew without them, and what SQLite kept to undo that is
     * overwritten. Closes the database.
     *
     * @return how many there were.
     */
    int destroy(final byte[] tag) throws IOException {
        final int count;
        try {
            try (PreparedStatement delete = connection.prepareStatement("delete from data_key where tag = ?")) {
                delete.setBytes(1, tag);
                count = delete.executeUpdate();
            }
        } catch (final SQLException e) {
            closeQuietly(connection);
            throw failure(e);
        }
        rewrite();
        return count;
    }

    /** Writes the file anew, so that nothing is in it that was destroyed or wrapped otherwise before. Closes the database. */
    void rewrite() throws IOException {
        try {
            vacuum();
        } catch (final SQLException e) {
            throw failure(e);
        } finally {
            close();
        }
        destroyUndoFile();
    }

    /** Pages that were split still hold copies of what moved to another page: only a new file is without. */
    private void vacuum() throws SQLException {
        try (Statement rewrite = connection.createStatement()) {
            rewrite.execute("vacuum");
        }
    }

    /** Between transactions nobody has it open. */
    private void destroyUndoFile() throws IOException {
        PrivateFile.destroy(file.resolveSibling(file.getFileName() + "-journal"));
        PrivateFile.forceDirectoryOf(file);
    }

    private IOException failure(final SQLException e) {
        return new IOException(file + ": the key store cannot be used: " + e.getMessage(), e);
    }

    private static void closeQuietly(final Connection opened) {
        if (opened != null) {
            try {
                opened.close();
            } catch (final SQLException e) {
                throw new IllegalStateException("the key store cannot be closed", e);
            }
        }
    }

    /** Closing it closes its statements. */
    @Override
    public void close() {
        closeQuietly(connection);
    }
}
