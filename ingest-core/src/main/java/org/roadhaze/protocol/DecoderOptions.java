// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import java.time.ZoneOffset;

/**
 * How a decoder is to be built.
 *
 * @param verifyChecksum false decodes on past a wrong check sum, for captured frames that were altered by hand.
 * @param trace          told about every field, or null.
 * @param timeZone       what the devices' clocks show, for protocols that have {@linkplain Protocol#localTime() local
 *                       times}; the others pass it over.
 */
public record DecoderOptions(boolean verifyChecksum, FieldTrace trace, ZoneOffset timeZone) {
    /** As the engine runs decoders of devices that are set to UTC: check sums verified, no trace. */
    public static final DecoderOptions ENGINE = new DecoderOptions(true, null);

    /**
     * For devices that are set to UTC.
     *
     * @param verifyChecksum as above.
     * @param trace          as above.
     */
    public DecoderOptions(final boolean verifyChecksum, final FieldTrace trace) {
        this(verifyChecksum, trace, ZoneOffset.UTC);
    }
}
