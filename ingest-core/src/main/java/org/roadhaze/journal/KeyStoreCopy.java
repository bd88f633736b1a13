// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.journal;

import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Queue;
import org.roadhaze.anonymizer.key.PrivateFile;

/**
 * A key store written anew beside the old one, some keys at a time, so that nothing is in it of keys that were destroyed; between
 * the steps the old one is used, and changed, as ever. In the end the new file takes the old one's name, whole, or not at all.
 * Not thread safe.
 */
final class KeyStoreCopy {
    /** How many keys a step copies: who has frames to seal waits for one step at most. */
    static final int KEYS_AT_A_TIME = 1_000;

    private static final String COLUMNS = "key_id, tag, epoch, wrapped, until_ms";

    private final Connection connection;
    private final Path file;
    private final Path unfinished;
    /** Keys that were added or extended since this was begun: they may have been passed already. */
    private final Queue<byte[]> changed = new ArrayDeque<>();

    private byte[] last = {};

    /**
     * Begins; nothing is copied yet.
     *
     * @param connection the old store's; it has the new one open, too, until {@link #finish}.
     * @param file       the old store.
     */
    KeyStoreCopy(final Connection connection, final Path file) throws SQLException, IOException {
        this.connection = connection;
        this.file = file;
        unfinished = unfinished(file);
        PrivateFile.destroy(unfinished);
        PrivateFile.create(unfinished, ByteBuffer.allocate(0));
        try (PreparedStatement attach = connection.prepareStatement("attach ? as copy")) {
            attach.setString(1, unfinished.toAbsolutePath().toString());
            attach.execute();
        }
        boolean isBegun = false;
        try {
            makeTables();
            isBegun = true;
        } finally {
            if (!isBegun) {
                detach(); // The next one is to be attached under the same name.
            }
        }
    }

    private void makeTables() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // It is forced when it is whole, and thrown away otherwise.
            statement.execute("pragma copy.journal_mode = off");
            statement.execute("pragma copy.synchronous = off");
            statement.execute("pragma copy.secure_delete = on");
            KeyTables.create(statement, "copy");
            statement.execute("create index copy.data_key_until on data_key (until_ms)");
        }
    }

    private void detach() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("detach copy");
        }
    }

    private static Path unfinished(final Path file) {
        return file.resolveSibling(file.getFileName() + ".unfinished");
    }

    /** Destroys what a kill left of one. Nobody may be writing it. */
    static void removeUnfinished(final Path file) throws IOException {
        PrivateFile.destroy(unfinished(file));
    }

    /** A key was added, or another time was put to it. */
    void changed(final byte[] id) {
        changed.add(id);
    }

    /**
     * Copies some: first all in their order, then again those that were changed meanwhile.
     *
     * @return false when {@link #finish} has no more to copy than a step has.
     */
    boolean copySome() throws SQLException {
        final byte[] until = lastOfNext();
        if (until == null) {
            if (changed.size() <= KEYS_AT_A_TIME) {
                return false;
            }
            copyChanged();
            return true;
        }
        try (PreparedStatement copy = connection.prepareStatement("insert or replace into copy.data_key (" + COLUMNS
                + ") select " + COLUMNS + " from main.data_key where key_id > ? and key_id <= ?")) {
            copy.setBytes(1, last);
            copy.setBytes(2, until);
            copy.executeUpdate();
        }
        last = until;
        return true;
    }

    private void copyChanged() throws SQLException {
        connection.setAutoCommit(false); // A transaction for each would take ten times as long.
        try (PreparedStatement again = connection.prepareStatement("insert or replace into copy.data_key (" + COLUMNS
                + ") select " + COLUMNS + " from main.data_key where key_id = ?")) {
            for (int i = 0; i < KEYS_AT_A_TIME && !changed.isEmpty(); i++) {
                again.setBytes(1, changed.remove());
                again.executeUpdate();
            }
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private byte[] lastOfNext() throws SQLException {
        try (PreparedStatement next = connection.prepareStatement("select max(key_id) from (select key_id from"
                + " main.data_key where key_id > ? order by key_id limit " + KEYS_AT_A_TIME + ")")) {
            next.setBytes(1, last);
            try (ResultSet found = next.executeQuery()) {
                return found.next() ? found.getBytes(1) : null;
            }
        }
    }

    /** Copies what was changed last, and everything beside the keys. Nothing may be changed any more. */
    void finish() throws SQLException {
        while (!changed.isEmpty()) {
            copyChanged();
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("insert into copy.meta select name, value from main.meta");
            statement.execute("pragma copy.user_version = " + KeyTables.version(statement));
        }
    }

    /**
     * Gives the new file the old one's name. The connection is closed, and nothing that would undo a transaction is there.
     *
     * @return the old file, which has no name any more: to be overwritten.
     */
    FileChannel replace() throws IOException {
        try (FileChannel whole = FileChannel.open(unfinished, WRITE)) {
            whole.force(true);
        }
        final FileChannel old = FileChannel.open(file, WRITE);
        boolean isReplaced = false;
        try {
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            PrivateFile.forceDirectoryOf(file);
            isReplaced = true;
        } finally {
            if (!isReplaced) {
                old.close();
            }
        }
        return old;
    }
}
