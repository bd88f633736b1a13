// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import java.util.List;
import java.util.Optional;

/** The registered protocols: one line each. */
public final class Protocols {
    private static final List<Protocol> ALL = List.of(
            new Protocol("gt06", 5023, Gt06Decoder.MAX_FRAME_LENGTH, Gt06Decoder::tcp, null, true),
            new Protocol(
                    "teltonika",
                    5027,
                    TeltonikaDecoder.MAX_FRAME_LENGTH,
                    TeltonikaDecoder::tcp,
                    TeltonikaDecoder::udp));

    private Protocols() {}

    public static List<Protocol> all() {
        return ALL;
    }

    /**
     * Finds a protocol by name.
     *
     * @param name as configuration spells it.
     * @return the protocol, or empty.
     */
    public static Optional<Protocol> byName(final String name) {
        return ALL.stream().filter(protocol -> protocol.name().equals(name)).findFirst();
    }
}
