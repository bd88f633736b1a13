// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * When the epochs of the keys in a {@link KeyDatabase} end, and the end of those that ended long ago. A store from before this
 * says no ends: they are put in by {@link #dateUndated}. Not thread safe.
 */
final class KeyEpochs {
    /** How many keys one transaction destroys: others wait for it. */
    static final int KEYS_AT_A_TIME = 2_000;

    private final Connection connection;
    private boolean isColumnThere;

    KeyEpochs(final Connection connection) {
        this.connection = connection;
    }

    /** Before anything that asks for ends; who only reads does not, and changes nothing. */
    void addColumn() throws SQLException {
        if (isColumnThere) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            try (ResultSet columns = statement.executeQuery("pragma table_info(data_key)")) {
                while (columns.next()) {
                    isColumnThere |= "until_ms".equals(columns.getString("name"));
                }
            }
            if (!isColumnThere) {
                statement.execute("alter table data_key add column until_ms integer");
                isColumnThere = true;
            }
            statement.execute(
                    "create index if not exists data_key_until on data_key (until_ms)"); // Asked once a minute.
        }
    }

    /** Nothing was sealed under a key without an end after now, unless its epoch is that of now. */
    void dateUndated(final int epochOfNow, final long epochEndsMs, final long nowMs) throws SQLException {
        addColumn();
        try (PreparedStatement date = connection.prepareStatement(
                "update data_key set until_ms =" + " case when epoch = ? then ? else ? end where until_ms is null")) {
            date.setInt(1, epochOfNow);
            date.setLong(2, epochEndsMs);
            date.setLong(3, nowMs);
            date.executeUpdate();
        }
    }

    /** Where epochs have another length than before, an old number may come back. */
    void extend(final byte[] id, final long untilMs) throws SQLException {
        try (PreparedStatement extend =
                connection.prepareStatement("update data_key set until_ms = ? where key_id = ?")) {
            extend.setLong(1, untilMs);
            extend.setBytes(2, id);
            extend.executeUpdate();
        }
    }

    /**
     * Takes out keys whose epoch ended before something, and notes in the same transaction that there may be something left of
     * them in the files.
     *
     * @return how many there were; {@link #KEYS_AT_A_TIME}: there may be more.
     */
    int deleteEnded(final long beforeMs) throws SQLException {
        connection.setAutoCommit(false);
        boolean done = false;
        try (PreparedStatement delete = connection.prepareStatement("delete from data_key where key_id in"
                        + " (select key_id from data_key where until_ms <= ? limit " + KEYS_AT_A_TIME + ")");
                Statement mark = connection.createStatement()) {
            delete.setLong(1, beforeMs);
            final int count = delete.executeUpdate();
            if (count > 0) {
                mark.execute("insert or replace into meta values ('scrub', 1)");
            }
            connection.commit();
            done = true;
            return count;
        } finally {
            if (!done) {
                connection.rollback();
            }
            connection.setAutoCommit(true);
        }
    }

    boolean isScrubDue() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("select 1 from meta where name = 'scrub'")) {
            return found.next();
        }
    }

    void scrubbed() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("delete from meta where name = 'scrub'");
        }
    }
}
