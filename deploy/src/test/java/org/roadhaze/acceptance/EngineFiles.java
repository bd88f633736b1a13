// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Configurations for engines under test: the streams are those of a file, the listeners our own. */
final class EngineFiles {
    private static final int ANY = 0;

    private EngineFiles() {}

    /** The acceptance configuration as it is shipped, on free ports. */
    static Path acceptance(final Path directory) throws IOException {
        return acceptance(directory, List.of(ANY, ANY, ANY));
    }

    /**
     * The acceptance configuration as it is shipped, on given ports.
     *
     * @param directory where the file goes.
     * @param ports     of Teltonika over TCP and UDP, and GT06; 0 is any free one.
     * @return the file.
     */
    static Path acceptance(final Path directory, final List<Integer> ports) throws IOException {
        return acceptance(directory, ports, "persisted");
    }

    /**
     * The acceptance configuration as it is shipped, on given ports, but for when it acknowledges.
     *
     * @param directory where the file goes.
     * @param ports     of Teltonika over TCP and UDP, and GT06; 0 is any free one.
     * @param ack       the level of acknowledgement.
     * @return the file.
     */
    static Path acceptance(final Path directory, final List<Integer> ports, final String ack) throws IOException {
        final Path shipped = Path.of(System.getProperty("roadhaze.root"), "deploy", "config", "acceptance.yaml");
        final String text = Files.readString(shipped);
        return write(directory, "acceptance.yaml", text.substring(text.indexOf("policy:")), ports, ack);
    }

    /** A configuration with the given streams, on free ports. */
    static Path withStreams(final Path directory, final String policyAndStreams) throws IOException {
        return write(directory, "engine.yaml", policyAndStreams, List.of(ANY, ANY, ANY), "persisted");
    }

    /** A configuration with the given streams, for engines that come back at the same place. */
    static Path withStreams(
            final Path directory, final String policyAndStreams, final List<Integer> ports, final String ack)
            throws IOException {
        return write(directory, "engine.yaml", policyAndStreams, ports, ack);
    }

    private static Path write(
            final Path directory,
            final String name,
            final String policyAndStreams,
            final List<Integer> ports,
            final String ack)
            throws IOException {
        final String head = """
                data: data
                ack: %s
                listeners:
                  - { protocol: teltonika, transport: tcp, address: 127.0.0.1:%d }
                  - { protocol: teltonika, transport: udp, address: 127.0.0.1:%d }
                  - { protocol: gt06, transport: tcp, address: 127.0.0.1:%d }
                """;
        return Files.writeString(
                directory.resolve(name),
                head.formatted(ack, ports.get(0), ports.get(1), ports.get(2)) + policyAndStreams);
    }

    /** Adds a journal to a configuration whose last key is its streams. */
    static Path addJournal(final Path config, final String stream) throws IOException {
        return Files.writeString(
                config, "  " + stream + ":\n    retention: 1d\n    journal: true\n", StandardOpenOption.APPEND);
    }

    /** Three ports that nobody uses now, for engines that come back at the same place. */
    static List<Integer> freePorts() throws IOException {
        final List<Integer> ports = new ArrayList<>();
        final InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket first = new ServerSocket(0, 1, loopback);
                DatagramSocket second = new DatagramSocket(0, loopback);
                ServerSocket third = new ServerSocket(0, 1, loopback)) {
            ports.add(first.getLocalPort());
            ports.add(second.getLocalPort());
            ports.add(third.getLocalPort());
        }
        return ports;
    }
}
