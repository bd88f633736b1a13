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
 */
public record Protocol(
        String name,
        int defaultPort,
        int maxFrameLength,
        Function<DecoderOptions, ProtocolDecoder> tcp,
        Function<DecoderOptions, ProtocolDecoder> udp) {}
