// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.config.ConfigNode;
import org.roadhaze.listener.ListenerOptions;
import org.roadhaze.protocol.Gt06Encoder;
import org.roadhaze.protocol.TeltonikaEncoder;

/**
 * The demonstration's own vehicles, one for each protocol, all with the same record: a vehicle of several would leave
 * and enter nothing at its second record.
 */
final class ProbeDevice {
    private static final long TELTONIKA_IMEI = 356_307_042_441_013L;
    private static final long GT06_IMEI = 356_307_042_441_021L;
    private static final int LATITUDE_E7 = 450_745_312;
    private static final int LONGITUDE_E7 = 76_823_457;
    private static final int ALTITUDE_M = 243;
    private static final int COURSE_DEG = 117;
    private static final int SATELLITES = 11;
    private static final int SPEED_KMH = 47;
    private static final int IGNITION = 239;
    private static final int ODOMETER = 16;
    private static final int ODOMETER_M = 182_345_671;
    private static final int MAX_FRAME_LENGTH = 512;
    private static final int TIMEOUT_MS = 10_000;
    private static final int SECOND_MS = 1000;

    private final long fixTimeMs;
    private final byte[] bytes = new byte[MAX_FRAME_LENGTH];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);

    /**
     * Makes the vehicles.
     *
     * @param nowMs milliseconds since 1970-01-01 UTC; the fix is of this second, since not every wire has milliseconds.
     */
    ProbeDevice(final long nowMs) {
        fixTimeMs = nowMs - Math.floorMod(nowMs, SECOND_MS);
    }

    /**
     * Whether a vehicle can talk to a listener.
     *
     * @param listener what is spoken there.
     * @return false for a protocol that is younger than this demonstration.
     */
    static boolean speaks(final ListenerOptions listener) {
        return switch (name(listener)) {
            case "teltonika/tcp", "teltonika/udp", "gt06/tcp" -> true;
            default -> false;
        };
    }

    private static String name(final ListenerOptions listener) {
        return listener.protocol().name() + "/" + ConfigNode.word(listener.transport());
    }

    /**
     * Sends the record and waits for its acknowledgement.
     *
     * @param listener what is spoken there.
     * @param target   where it is.
     * @throws IOException when it is not acknowledged.
     */
    void send(final ListenerOptions listener, final InetSocketAddress target) throws IOException {
        switch (name(listener)) {
            case "teltonika/tcp" -> sendTeltonika(target);
            case "teltonika/udp" -> sendTeltonikaDatagram(target);
            default -> sendGt06(target);
        }
    }

    private void sendTeltonika(final InetSocketAddress target) throws IOException {
        final TeltonikaEncoder encoder = new TeltonikaEncoder();
        try (Socket socket = connected(target)) {
            final DataInputStream in = new DataInputStream(socket.getInputStream());
            socket.getOutputStream().write(bytes, 0, encoder.encodeLogin(buffer, 0, TELTONIKA_IMEI));
            if (in.readByte() != 1) {
                throw new IOException("the login of the demonstration's vehicle was refused");
            }
            encoder.begin(buffer, 0, TeltonikaEncoder.CODEC_8);
            socket.getOutputStream().write(bytes, 0, endOfTeltonika(encoder));
            if (in.readInt() != 1) {
                throw notAcknowledged();
            }
        }
    }

    private void sendTeltonikaDatagram(final InetSocketAddress target) throws IOException {
        final TeltonikaEncoder encoder = new TeltonikaEncoder();
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(TIMEOUT_MS);
            encoder.beginDatagram(buffer, 0, TeltonikaEncoder.CODEC_8, TELTONIKA_IMEI, 1, 1);
            socket.send(new DatagramPacket(bytes, endOfTeltonika(encoder), target));
            final DatagramPacket answer = new DatagramPacket(new byte[MAX_FRAME_LENGTH], MAX_FRAME_LENGTH);
            socket.receive(answer);
            if (answer.getData()[answer.getLength() - 1] != 1) {
                throw notAcknowledged();
            }
        }
    }

    private int endOfTeltonika(final TeltonikaEncoder encoder) {
        return encoder.record(fixTimeMs, LATITUDE_E7, LONGITUDE_E7, ALTITUDE_M, COURSE_DEG, SATELLITES, SPEED_KMH)
                .io(IGNITION, 1, 1)
                .io(ODOMETER, 4, ODOMETER_M)
                .end();
    }

    private void sendGt06(final InetSocketAddress target) throws IOException {
        try (Socket socket = connected(target)) {
            final DataInputStream in = new DataInputStream(socket.getInputStream());
            socket.getOutputStream().write(bytes, 0, Gt06Encoder.login(buffer, 0, GT06_IMEI, 1));
            awaitGt06Answer(in);
            final int length = Gt06Encoder.locationWithIgnition(
                    buffer, 0, fixTimeMs, LATITUDE_E7, LONGITUDE_E7, SPEED_KMH, COURSE_DEG, SATELLITES, true, false, 2);
            socket.getOutputStream().write(bytes, 0, length);
            awaitGt06Answer(in);
        }
    }

    /** 78 78, a length, and so many bytes with the stop behind them. */
    private static void awaitGt06Answer(final DataInputStream in) throws IOException {
        in.readShort();
        in.skipNBytes(in.readByte() + 2L);
    }

    private static Socket connected(final InetSocketAddress target) throws IOException {
        final Socket socket = new Socket();
        try {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.connect(target, TIMEOUT_MS);
            return socket;
        } catch (final IOException e) {
            socket.close();
            throw e;
        }
    }

    private static IOException notAcknowledged() {
        return new IOException("the record of the demonstration's vehicle was not acknowledged");
    }

    /**
     * What is sent to a listener, field by field, as its wire has it.
     *
     * @param listener what is spoken there.
     * @return names as {@code tail} has them, in its order.
     */
    Map<String, String> raw(final ListenerOptions listener) {
        final boolean gt06 = listener.protocol().name().equals("gt06");
        final Map<String, String> raw = new LinkedHashMap<>();
        raw.put("id", "IMEI " + (gt06 ? GT06_IMEI : TELTONIKA_IMEI));
        raw.put("time", Instant.ofEpochMilli(fixTimeMs).toString());
        raw.put("latitude", Degrees.ofE7(gt06 ? Gt06Encoder.onWireE7(LATITUDE_E7) : LATITUDE_E7));
        raw.put("longitude", Degrees.ofE7(gt06 ? Gt06Encoder.onWireE7(LONGITUDE_E7) : LONGITUDE_E7));
        raw.put("cell", DemoSummary.ABSENT);
        if (!gt06) {
            raw.put("altitude", ALTITUDE_M + " m");
        }
        raw.put("speed", SPEED_KMH + " km/h");
        raw.put("course", COURSE_DEG + " deg");
        raw.put("satellites", Integer.toString(SATELLITES));
        raw.put("ignition", "true");
        if (!gt06) {
            raw.put("odometer", ODOMETER_M + " m");
        }
        return raw;
    }
}
