// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.journal;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;

/**
 * What has to be known of a listener to decode its frames again.
 *
 * @param protocol   the protocol's name.
 * @param isDatagram whether they come over UDP.
 * @param timeZone   what the devices' clocks are set to.
 */
public record FrameOrigin(String protocol, boolean isDatagram, ZoneOffset timeZone) {
    byte[] protocolBytes() {
        return protocol.getBytes(StandardCharsets.US_ASCII);
    }
}
