// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.roadhaze.anonymizer.key.KeyFileException;
import org.roadhaze.anonymizer.key.PrivateFile;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

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
 * files: it is overwritten in both. Not in blocks that the first gives back when it shrinks, where only the key-encryption
 * key protects it. Not thread safe.
 */
final class KeyDatabase implements AutoCloseable {
    private static final int LAYOUT_VERSION = 1;
    /** An engine that knows no other would name devices by the key that is given, and not find the keys of any. */
    private static final int LAYOUT_VERSION_WITH_NAMING = 2;

    private static final int ROWS_AT_A_TIME = 1_000;
    private static final int WAIT_FOR_READERS_MS = 10_000;
    private static final long MAX_STARTS = 0xFFFF_FFFFL;

    private final Path file;
    private final Connection connection;
    private PreparedStatement byDevice;
    private final PreparedStatement byId;
    private final KeyEpochs epochs;

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
        this.file = file;
        if (Files.notExists(file)) {
            if (!isMade) {
                throw new KeyFileException(file, "there is no such key store, and what is sealed cannot be read");
            }
            PrivateFile.create(file, ByteBuffer.allocate(0));
            PrivateFile.forceDirectoryOf(file);
        }
        Connection opened = null;
        try {
            opened = config().createConnection("jdbc:sqlite:" + file.toAbsolutePath());
            connection = opened;
            prepareTables(fingerprint);
            epochs = new KeyEpochs(connection);
            byId = connection.prepareStatement("select tag, epoch, wrapped from data_key where key_id = ?");
            opened = null;
        } catch (final SQLException e) {
            throw failure(e);
        } finally {
            closeQuietly(opened);
        }
    }

    /** A transaction is forced before it returns; its undo file stays, and is overwritten when keys are destroyed. */
    private static SQLiteConfig config() {
        final SQLiteConfig config = new SQLiteConfig();
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        config.setJournalMode(SQLiteConfig.JournalMode.PERSIST);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "on");
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        config.setBusyTimeout(WAIT_FOR_READERS_MS);
        return config;
    }

    private void prepareTables(final byte[] fingerprint) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            final int version = number(statement, "pragma user_version");
            if (version == 0) {
                make(statement, fingerprint);
            } else if (version != LAYOUT_VERSION && version != LAYOUT_VERSION_WITH_NAMING) {
                throw new KeyFileException(
                        file,
                        "found a key store of version " + version + ", allowed " + LAYOUT_VERSION + " to "
                                + LAYOUT_VERSION_WITH_NAMING);
            }
            try (ResultSet found = statement.executeQuery("select value from meta where name = 'fingerprint'")) {
                if (!found.next() || !Arrays.equals(found.getBytes(1), fingerprint)) {
                    throw new KeyFileException(
                            file,
                            "its keys are wrapped with another key-encryption key than the one that is given: nothing"
                                    + " that is sealed can be read with this one");
                }
            }
        }
    }

    private void make(final Statement statement, final byte[] fingerprint) throws SQLException {
        connection.setAutoCommit(false);
        statement.execute("create table meta (name text primary key, value) without rowid");
        statement.execute("create table data_key (key_id blob primary key, tag blob not null, epoch integer not null,"
                + " wrapped blob not null, until_ms integer, unique (tag, epoch)) without rowid");
        statement.execute("insert into meta values ('starts', 0)");
        try (PreparedStatement mine = connection.prepareStatement("insert into meta values ('fingerprint', ?)")) {
            mine.setBytes(1, fingerprint);
            mine.executeUpdate();
        }
        statement.execute("pragma user_version = " + LAYOUT_VERSION);
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static int number(final Statement statement, final String query) throws SQLException {
        try (ResultSet found = statement.executeQuery(query)) {
            found.next();
            return found.getInt(1);
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

    /** The key of a number, or null. */
    WrappedKey find(final byte[] id) throws IOException {
        try {
            byId.setBytes(1, id);
            try (ResultSet found = byId.executeQuery()) {
                return found.next()
                        ? new WrappedKey(id, found.getBytes(1), found.getInt(2), found.getBytes(3), 0)
                        : null;
            }
        } catch (final SQLException e) {
            throw failure(e);
        }
    }

    /** What is sealed under a key of this number may have been received up to then. */
    void extend(final byte[] id, final long untilMs) throws IOException {
        try {
            epochs.extend(id, untilMs);
        } catch (final SQLException e) {
            throw failure(e);
        }
    }

    /** See {@link KeyEpochs#dateUndated} and {@link KeyEpochs#deleteEnded}; {@link #scrub} is to follow. */
    int deleteEnded(final long beforeMs, final int epochOfNow, final long epochEndsMs, final long nowMs)
            throws IOException {
        try {
            epochs.dateUndated(epochOfNow, epochEndsMs, nowMs);
            return epochs.deleteEnded(beforeMs);
        } catch (final SQLException e) {
            throw failure(e);
        }
    }

    /** Leaves nothing in the files of keys that were deleted, now or before a kill; the database stays open. */
    void scrub() throws IOException {
        try {
            if (epochs.isScrubDue()) {
                vacuum();
                destroyUndoFile();
                epochs.scrubbed();
            }
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

    /**
     * Wraps every key anew, all of them or none, whatever happens to this process; on the disk when this returns. What they were
     * wrapped as is still in the files until {@link #rewrite}.
     *
     * @param rewrapping  a wrapped key to the same one under the other key-encryption key.
     * @param fingerprint of the other key-encryption key.
     * @param naming      the key that names devices, wrapped under it.
     * @return how many there were.
     */
    int rewrap(final Rewrapping rewrapping, final byte[] fingerprint, final byte[] naming) throws IOException {
        try {
            connection.setAutoCommit(false);
            int count = 0;
            byte[] last = {};
            for (int found = ROWS_AT_A_TIME; found == ROWS_AT_A_TIME; count += found) {
                final List<WrappedKey> rows = rowsAfter(last);
                found = rows.size();
                rewrap(rows, rewrapping);
                last = rows.isEmpty() ? last : rows.get(found - 1).id();
            }
            put("fingerprint", fingerprint);
            put("naming", naming);
            try (Statement statement = connection.createStatement()) {
                statement.execute("pragma user_version = " + LAYOUT_VERSION_WITH_NAMING);
            }
            connection.commit();
            connection.setAutoCommit(true);
            return count;
        } catch (final SQLException e) {
            throw failure(e);
        }
    }

    /** Of a few at a time: no row is changed while it is walked over. */
    private List<WrappedKey> rowsAfter(final byte[] id) throws SQLException {
        final List<WrappedKey> rows = new ArrayList<>();
        try (PreparedStatement next = connection.prepareStatement(
                "select key_id, tag, epoch, wrapped from data_key where key_id > ? order by key_id limit "
                        + ROWS_AT_A_TIME)) {
            next.setBytes(1, id);
            try (ResultSet found = next.executeQuery()) {
                while (found.next()) {
                    rows.add(new WrappedKey(
                            found.getBytes(1), found.getBytes(2), found.getInt(3), found.getBytes(4), 0));
                }
            }
        }
        return rows;
    }

    private void rewrap(final List<WrappedKey> rows, final Rewrapping rewrapping) throws SQLException, IOException {
        try (PreparedStatement update =
                connection.prepareStatement("update data_key set wrapped = ? where key_id = ?")) {
            for (final WrappedKey row : rows) {
                update.setBytes(1, rewrapping.rewrap(row.wrapped()));
                update.setBytes(2, row.id());
                update.executeUpdate();
            }
        }
    }

    private void put(final String name, final byte[] value) throws SQLException {
        try (PreparedStatement put = connection.prepareStatement("insert or replace into meta values (?, ?)")) {
            put.setString(1, name);
            put.setBytes(2, value);
            put.executeUpdate();
        }
    }

    /** Wraps a key with another key-encryption key than it is wrapped with. */
    @FunctionalInterface
    interface Rewrapping {
        byte[] rewrap(byte[] wrapped) throws IOException;
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
