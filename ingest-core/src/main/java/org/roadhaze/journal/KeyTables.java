// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.roadhaze.anonymizer.key.KeyFileException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/** Opens the file of a {@link KeyDatabase}, makes its tables, and refuses what is not its own. Stateless. */
final class KeyTables {
    private static final int LAYOUT_VERSION = 1;
    /** An engine that knows no other would name devices by the key that is given, and not find the keys of any. */
    static final int LAYOUT_VERSION_WITH_NAMING = 2;

    private static final int WAIT_FOR_READERS_MS = 10_000;

    private KeyTables() {}

    /**
     * Opens a file that is there. A transaction is forced before it returns; its undo file stays, and is overwritten when keys are
     * destroyed.
     *
     * @param file       the file.
     * @param isReadOnly whether nothing is changed, be it to undo what a kill left.
     */
    static Connection open(final Path file, final boolean isReadOnly) throws SQLException {
        final SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(isReadOnly);
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        config.setJournalMode(SQLiteConfig.JournalMode.PERSIST);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "on");
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        config.setBusyTimeout(WAIT_FOR_READERS_MS);
        return config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
    }

    /**
     * Makes the tables where there are none.
     *
     * @throws KeyFileException when they are another version's, or their keys are wrapped with another key-encryption key.
     */
    static void prepare(final Connection connection, final Path file, final byte[] fingerprint) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            final int version = version(statement);
            if (version == 0) {
                make(connection, statement, fingerprint);
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

    private static void make(final Connection connection, final Statement statement, final byte[] fingerprint)
            throws SQLException {
        connection.setAutoCommit(false);
        create(statement, "main");
        statement.execute("insert into meta values ('starts', 0)");
        try (PreparedStatement mine = connection.prepareStatement("insert into meta values ('fingerprint', ?)")) {
            mine.setBytes(1, fingerprint);
            mine.executeUpdate();
        }
        statement.execute("pragma user_version = " + LAYOUT_VERSION);
        connection.commit();
        connection.setAutoCommit(true);
    }

    /** The tables, empty, in one of the files that a connection has open. */
    static void create(final Statement statement, final String schema) throws SQLException {
        statement.execute("create table " + schema + ".meta (name text primary key, value) without rowid");
        statement.execute(
                "create table " + schema + ".data_key (key_id blob primary key, tag blob not null,"
                        + " epoch integer not null, wrapped blob not null, until_ms integer, unique (tag, epoch)) without rowid");
    }

    static int version(final Statement statement) throws SQLException {
        try (ResultSet found = statement.executeQuery("pragma user_version")) {
            found.next();
            return found.getInt(1);
        }
    }
}
