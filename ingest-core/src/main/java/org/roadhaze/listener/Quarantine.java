// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import java.util.concurrent.atomic.AtomicLong;
import org.roadhaze.protocol.ProtocolDecoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Devices and addresses that are not listened to for a while, by {@link QuarantineOptions}. One for all listeners; any thread's.
 *
 * <p>Protocols without secrets cannot tell a device from someone who knows its number: such a one can have it refused, by sending
 * in its name what no decoder can stand. So a device is refused for minutes, and nothing of it is ever acknowledged meanwhile: it
 * keeps what it has. A wrong check sum in a datagram names nobody.
 */
final class Quarantine {
    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);

    private final QuarantineOptions options;
    private final Offenders devices;
    private final Offenders addresses;
    private final AtomicLong refused = new AtomicLong();

    /**
     * Nobody is in it.
     *
     * @param options when somebody is.
     */
    Quarantine(final QuarantineOptions options) {
        this.options = options;
        final long withinMs = options.within().toMillis();
        final long refuseMs = options.refuse().toMillis();
        devices = new Offenders(options.offences(), withinMs, refuseMs);
        addresses = new Offenders(options.offencesPerAddress(), withinMs, refuseMs);
    }

    /** How many wrong check sums in a row close a connection. */
    int wrongSums() {
        return options.wrongSums();
    }

    boolean refusesDevice(final long device, final long nowMs) {
        return devices.isRefused(device, nowMs);
    }

    /** By {@link ConnectionGate#key}. */
    boolean refusesAddress(final long address, final long nowMs) {
        return addresses.isRefused(address, nowMs);
    }

    /**
     * A connection had to be closed.
     *
     * @param device  whose it is, or {@link ProtocolDecoder#NO_DEVICE}: then it is its address that offended.
     * @param address by {@link ConnectionGate#key}.
     * @param nowMs   the engine's clock.
     */
    void offended(final long device, final long address, final long nowMs) {
        if (device != ProtocolDecoder.NO_DEVICE) {
            offended(device, nowMs);
        } else if (addresses.offended(address, nowMs)) {
            tell("An address");
        }
    }

    void offended(final long device, final long nowMs) {
        if (devices.offended(device, nowMs)) {
            tell("A device");
        }
    }

    /** At the first, second, fourth, eighth …, and never who. */
    private void tell(final String who) {
        final long count = refused.incrementAndGet();
        if (Long.bitCount(count) == 1) {
            LOG.warn(
                    "{} sent again and again what cannot be processed, and is refused for {} s; that many so far: {}",
                    who,
                    options.refuse().toSeconds(),
                    count);
        }
    }
}
