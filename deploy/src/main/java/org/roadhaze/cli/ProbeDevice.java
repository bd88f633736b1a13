// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.protocol.TeltonikaEncoder;

/**
 * One Teltonika device with one record, sent before the fleet starts: the first record of every stream is then what
 * became of it, and a person can compare the two.
 */
final class ProbeDevice {
    private static final long IMEI = 356_307_042_441_013L;
    private static final int LATITUDE_E7 = 450_745_312;
    private static final int LONGITUDE_E7 = 76_823_457;
    private static final int ALTITUDE_M = 243;
    private static final int COURSE_DEG = 117;
    private static final int SATELLITES = 11;
    private static final int SPEED_KMH = 47;
    private static final int IGNITION = 239;
    private static final int ODOMETER = 16;
    private static final int ODOMETER_M = 182_345_671;
    private static final int TIMEOUT_MS = 10_000;

    private final long fixTimeMs;

    ProbeDevice(final long fixTimeMs) {
        this.fixTimeMs = fixTimeMs;
    }

    /**
     * Sends the record and waits for its acknowledgement.
     *
     * @param target the engine's Teltonika listener.
     * @throws IOException when it is not acknowledged.
     */
    void send(final InetSocketAddress target) throws IOException {
        final TeltonikaEncoder encoder = new TeltonikaEncoder();
        final byte[] bytes = new byte[512];
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.connect(target, TIMEOUT_MS);
            final DataInputStream in = new DataInputStream(socket.getInputStream());
            socket.getOutputStream().write(bytes, 0, encoder.encodeLogin(buffer, 0, IMEI));
            if (in.readByte() != 1) {
                throw new IOException("the login of the demonstration's device was refused");
            }
            encoder.begin(buffer, 0, TeltonikaEncoder.CODEC_8)
                    .record(fixTimeMs, LATITUDE_E7, LONGITUDE_E7, ALTITUDE_M, COURSE_DEG, SATELLITES, SPEED_KMH)
                    .io(IGNITION, 1, 1)
                    .io(ODOMETER, 4, ODOMETER_M);
            socket.getOutputStream().write(bytes, 0, encoder.end());
            if (in.readInt() != 1) {
                throw new IOException("the record of the demonstration's device was not acknowledged");
            }
        }
    }

    /**
     * What was sent, field by field.
     *
     * @return names as {@code tail} has them, in its order.
     */
    Map<String, String> raw() {
        final Map<String, String> raw = new LinkedHashMap<>();
        raw.put("id", "IMEI " + IMEI);
        raw.put("time", java.time.Instant.ofEpochMilli(fixTimeMs).toString());
        raw.put("latitude", Degrees.ofE7(LATITUDE_E7));
        raw.put("longitude", Degrees.ofE7(LONGITUDE_E7));
        raw.put("cell", "-");
        raw.put("altitude", ALTITUDE_M + " m");
        raw.put("speed", SPEED_KMH + " km/h");
        raw.put("course", COURSE_DEG + " deg");
        raw.put("satellites", Integer.toString(SATELLITES));
        raw.put("ignition", "true");
        raw.put("odometer", ODOMETER_M + " m");
        return raw;
    }
}
