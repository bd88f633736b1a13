// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import java.util.concurrent.ConcurrentHashMap;

/**
 * Which connection of a listener speaks for a device: the one that logged in last. A device that comes again has lost its
 * connection before, though that may not have been noticed yet; the old one would else stay until it has been silent for too
 * long, and take its place among the connections from its address. Used by all event loops.
 *
 * <p>Protocols without secrets cannot tell a device from someone who knows its number: such a one can end the device's
 * connection, and the device his, again and again. The counter shows it.
 */
final class DeviceConnections {
    private final ConcurrentHashMap<Long, TcpConnection> byDevice = new ConcurrentHashMap<>();

    /**
     * A device said on a connection who it is, and its frame is published.
     *
     * @param device     its number.
     * @param connection where; another one that spoke for it is closed, on its own loop and soon.
     */
    void loggedIn(final long device, final TcpConnection connection) {
        final TcpConnection before = byDevice.put(device, connection);
        if (before != null && before != connection) {
            before.replace();
        }
    }

    /**
     * A connection has ended, or speaks for another device now.
     *
     * @param device     for which it spoke.
     * @param connection the connection; nothing happens when another one speaks for the device meanwhile.
     */
    void left(final long device, final TcpConnection connection) {
        byDevice.remove(device, connection);
    }

    int size() {
        return byDevice.size();
    }
}
