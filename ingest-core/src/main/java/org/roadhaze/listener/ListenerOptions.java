// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import java.net.InetSocketAddress;
import org.roadhaze.protocol.Protocol;

/**
 * One place to listen at.
 *
 * @param protocol  what is spoken there.
 * @param transport over what.
 * @param address   where; port 0 binds a free one.
 */
public record ListenerOptions(Protocol protocol, Transport transport, InetSocketAddress address) {
    /** What carries the frames. */
    public enum Transport {
        TCP,
        UDP
    }
}
