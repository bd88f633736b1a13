// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts connections, in all and by where they come from. Used by all event loops. */
final class ConnectionGate {
    /** Keeps IPv4 addresses apart from IPv6 networks: none of those that are in use begins with it. */
    private static final long IPV4 = 1L << 32;

    private final int most;
    private final int mostPerAddress;
    private final AtomicInteger all = new AtomicInteger();
    private final ConcurrentHashMap<Long, Integer> byAddress = new ConcurrentHashMap<>();

    ConnectionGate(final ConnectionLimits limits) {
        most = limits.connections();
        mostPerAddress = limits.perAddress();
    }

    /**
     * Lets a connection in.
     *
     * @param address where it comes from.
     * @return false when there are too many; otherwise {@link #leave} is to be called once.
     */
    boolean enter(final InetAddress address) {
        if (all.incrementAndGet() > most) {
            all.decrementAndGet();
            return false;
        }
        if (byAddress.merge(key(address), 1, Integer::sum) > mostPerAddress) {
            leave(address);
            return false;
        }
        return true;
    }

    void leave(final InetAddress address) {
        all.decrementAndGet();
        byAddress.computeIfPresent(key(address), (key, count) -> count == 1 ? null : count - 1);
    }

    /** The same for all addresses that count together: an IPv4 address, or an IPv6 network of 64 bits. */
    static long key(final InetAddress address) {
        final ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet6Address ? bytes.getLong() : IPV4 | (bytes.getInt() & 0xFFFF_FFFFL);
    }
}
