// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import java.util.List;
import java.util.stream.Collectors;
import org.roadhaze.protocol.TeltonikaEncoder;

/** The protocols that simulated devices speak: one line each. */
final class DeviceProtocols {
    /** The time step of wires with whole seconds. */
    static final int SECOND_MS = 1000;

    private static final List<Entry> ALL = List.of(
            new Entry(
                    "teltonika",
                    true,
                    TeltonikaEncoder.MAX_RECORDS,
                    TeltonikaDevice.MAX_IO_ELEMENTS,
                    1,
                    TeltonikaDevice::new),
            new Entry("gt06", false, 1, 0, SECOND_MS, (udp, ioElements) -> new Gt06Device()));

    private DeviceProtocols() {}

    /**
     * Finds a protocol.
     *
     * @param name as the command line spells it.
     * @return the protocol.
     * @throws IllegalArgumentException when there is none, with the names there are.
     */
    static Entry byName(final String name) {
        for (final Entry entry : ALL) {
            if (entry.name.equals(name)) {
                return entry;
            }
        }
        throw new IllegalArgumentException("protocol: found '" + name + "', allowed "
                + ALL.stream().map(Entry::name).collect(Collectors.joining(", ")));
    }

    /** Makes the device's side. */
    @FunctionalInterface
    interface Factory {
        DeviceProtocol create(boolean udp, int ioElements);
    }

    /**
     * A protocol and what options it allows.
     *
     * @param name                as the command line spells it.
     * @param udp                 whether it has datagrams.
     * @param maxRecordsPerFrame  at least 1.
     * @param maxIoElements       per record.
     * @param timeStepMs          the smallest step of its times: fix times must be multiples of it.
     * @param factory             makes the device's side.
     */
    record Entry(
            String name, boolean udp, int maxRecordsPerFrame, int maxIoElements, int timeStepMs, Factory factory) {}
}
