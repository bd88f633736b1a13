// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

/** The {@link Sink} as a process of its own, to measure what the generator can do: {@code SinkMain teltonika|gt06 PORT [udp]}. */
final class SinkMain {
    private SinkMain() {}

    /**
     * Runs until it is killed.
     *
     * @param args protocol, port.
     */
    public static void main(final String[] args) throws InterruptedException {
        final boolean udp = args.length > 2 && args[2].equals("udp");
        final WireFormat format;
        if (args[0].equals("gt06")) {
            format = new WireFormat.Gt06();
        } else {
            format = udp ? new WireFormat.TeltonikaUdp() : new WireFormat.TeltonikaTcp();
        }
        try (Sink sink = new Sink(format, udp, Integer.parseInt(args[1]), false, frame -> Sink.Fate.ACKNOWLEDGE)) {
            System.out.println("ready " + sink.address());
            Thread.currentThread().join();
        }
    }
}
