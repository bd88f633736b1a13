// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.journal;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Puts the keys in a {@link KeyDatabase} under another key-encryption key. Not thread safe. */
final class KeyRewrap {
    private static final int ROWS_AT_A_TIME = 1_000;

    private final Connection connection;

    KeyRewrap(final Connection connection) {
        this.connection = connection;
    }

    /**
     * Wraps every key anew, all of them or none, whatever happens to this process; on the disk when this returns. What they were
     * wrapped as is still in the files until these are written anew.
     *
     * @param rewrapping  a wrapped key to the same one under the other key-encryption key.
     * @param fingerprint of the other key-encryption key.
     * @param naming      the key that names devices, wrapped under it.
     * @return how many there were.
     */
    int rewrap(final Rewrapping rewrapping, final byte[] fingerprint, final byte[] naming)
            throws SQLException, IOException {
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
            statement.execute("pragma user_version = " + KeyTables.LAYOUT_VERSION_WITH_NAMING);
        }
        connection.commit();
        connection.setAutoCommit(true);
        return count;
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
}
