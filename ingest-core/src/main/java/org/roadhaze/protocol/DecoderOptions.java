// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

/**
 * How a decoder is to be built.
 *
 * @param verifyChecksum false decodes on past a wrong check sum, for captured frames that were altered by hand.
 * @param trace          told about every field, or null.
 */
public record DecoderOptions(boolean verifyChecksum, FieldTrace trace) {
    /** As the engine runs decoders: check sums verified, no trace. */
    public static final DecoderOptions ENGINE = new DecoderOptions(true, null);
}
