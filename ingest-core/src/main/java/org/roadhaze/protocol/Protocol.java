// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import java.util.function.Function;

/**
 * A registered protocol.
 *
 * @param name           as configuration and command line spell it.
 * @param defaultPort    the port that integrators already configure for it.
 * @param maxFrameLength bytes; a longer frame closes the connection.
 * @param tcp            makes a decoder of its byte stream, or null.
 * @param udp            makes a decoder of its datagrams, or null.
 * @param localTime      whether its times are a calendar's, in whatever time zone the device was set to.
 */
public record Protocol(
        String name,
        int defaultPort,
        int maxFrameLength,
        Function<DecoderOptions, ProtocolDecoder> tcp,
        Function<DecoderOptions, ProtocolDecoder> udp,
        boolean localTime) {
    /**
     * A protocol whose times are UTC.
     *
     * @param name           as above.
     * @param defaultPort    as above.
     * @param maxFrameLength as above.
     * @param tcp            as above.
     * @param udp            as above.
     */
    public Protocol(
            final String name,
            final int defaultPort,
            final int maxFrameLength,
            final Function<DecoderOptions, ProtocolDecoder> tcp,
            final Function<DecoderOptions, ProtocolDecoder> udp) {
        this(name, defaultPort, maxFrameLength, tcp, udp, false);
    }
}
