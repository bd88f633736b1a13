// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import java.net.InetSocketAddress;
import java.time.ZoneOffset;
import org.roadhaze.protocol.Protocol;

/**
 * One place to listen at.
 *
 * @param protocol  what is spoken there.
 * @param transport over what.
 * @param address   where; port 0 binds a free one.
 * @param timeZone  what the devices' clocks show; UTC unless the protocol has {@linkplain Protocol#localTime() local times}.
 */
public record ListenerOptions(Protocol protocol, Transport transport, InetSocketAddress address, ZoneOffset timeZone) {
    /**
     * For devices that are set to UTC.
     *
     * @param protocol  as above.
     * @param transport as above.
     * @param address   as above.
     */
    public ListenerOptions(final Protocol protocol, final Transport transport, final InetSocketAddress address) {
        this(protocol, transport, address, ZoneOffset.UTC);
    }

    /** What carries the frames. */
    public enum Transport {
        TCP,
        UDP
    }
}
