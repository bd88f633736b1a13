// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.protocol.FrameResult;
import org.roadhaze.protocol.Gt06Encoder;
import org.roadhaze.protocol.TeltonikaEncoder;

/**
 * A device whose frame is intact and yet contradicts itself would send it for ever, and nothing behind it: it gets its
 * answer, the frame is counted, and what comes next is stored. The malformed frames are those of the vector files.
 */
@Timeout(60)
class MalformedFrameTest {
    private static final int PATIENCE_MS = 10_000;
    private static final long IMEI = 356_307_042_441_013L;
    private static final long FIX_TIME_MS = 1_700_000_000_000L;
    private static final int LATITUDE_E7 = 520_000_000;
    private static final int LONGITUDE_E7 = 130_000_000;

    private static final String TELTONIKA_COUNTS_DIFFER =
            "000000000000003608010000016b40d8ea300100000000000000000000000000000001"
                    + "05021503010101425e0f01f10000601a014e0000000000000000020000c68f";
    private static final String DATAGRAM_COUNTS_DIFFER =
            "003dcafe0105000f33353230393330383634303336353508010000016b4f815b300100"
                    + "00000000000000000000000000000103021503010101425dbc000002";
    private static final String GT06_LOCATION_WITHOUT_CONTENT = "787805120001b32d0d0a";

    private final byte[] bytes = new byte[1024];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    private final TeltonikaEncoder encoder = new TeltonikaEncoder();

    @TempDir
    private Path directory;

    @Test
    void shouldLetATeltonikaDeviceGoOn() throws IOException {
        try (EngineHarness harness = EngineHarness.start(directory, "protocol: teltonika, transport: tcp");
                Socket device = connect(harness)) {
            assertThat(exchange(device, encoder.encodeLogin(buffer, 0, IMEI), 1))
                    .isEqualTo("01");
            assertThat(exchange(device, put(TELTONIKA_COUNTS_DIFFER), 4)).isEqualTo("00000001");
            encoder.begin(buffer, 0, TeltonikaEncoder.CODEC_8)
                    .record(FIX_TIME_MS, LATITUDE_E7, LONGITUDE_E7, 30, 90, 9, 50);
            assertThat(exchange(device, encoder.end(), 4)).isEqualTo("00000001");
            assertOneStoredAndOneMalformed(harness);
        }
    }

    @Test
    void shouldLetATeltonikaDeviceWithDatagramsGoOn() throws IOException {
        try (EngineHarness harness = EngineHarness.start(directory, "protocol: teltonika, transport: udp");
                DatagramSocket device = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            device.setSoTimeout(PATIENCE_MS);
            device.connect(harness.address(0));
            assertThat(exchange(device, put(DATAGRAM_COUNTS_DIFFER))).isEqualTo("0005cafe010501");
            encoder.beginDatagram(buffer, 0, TeltonikaEncoder.CODEC_8, IMEI, 7, 6)
                    .record(FIX_TIME_MS, LATITUDE_E7, LONGITUDE_E7, 30, 90, 9, 50);
            assertThat(exchange(device, encoder.end())).isEqualTo("00050007010601");
            assertOneStoredAndOneMalformed(harness);
        }
    }

    @Test
    void shouldLetAGt06DeviceGoOn() throws IOException {
        try (EngineHarness harness = EngineHarness.start(directory, "protocol: gt06, transport: tcp");
                Socket device = connect(harness)) {
            assertThat(exchange(device, Gt06Encoder.login(buffer, 0, IMEI, 1), 10))
                    .startsWith("787805010001");
            assertThat(exchange(device, put(GT06_LOCATION_WITHOUT_CONTENT), 10)).isEqualTo("787805120001b32d0d0a");
            final int length = Gt06Encoder.location(buffer, 0, FIX_TIME_MS, LATITUDE_E7, LONGITUDE_E7, 50, 90, 9, 2);
            assertThat(exchange(device, length, 10)).startsWith("787805120002");
            assertOneStoredAndOneMalformed(harness);
        }
    }

    private static void assertOneStoredAndOneMalformed(final EngineHarness harness) {
        assertThat(harness.publishedTimesMs()).containsExactly(FIX_TIME_MS);
        assertThat(harness.engine.snapshot().frames())
                .containsEntry(FrameResult.MALFORMED, 1L)
                .containsEntry(FrameResult.POSITIONS, 1L);
    }

    private static Socket connect(final EngineHarness harness) throws IOException {
        final Socket device = new Socket();
        device.setSoTimeout(PATIENCE_MS);
        device.connect(harness.address(0));
        return device;
    }

    private int put(final String hex) {
        final byte[] frame = HexFormat.of().parseHex(hex);
        buffer.putBytes(0, frame);
        return frame.length;
    }

    /** Sends what the buffer begins with, and reads so many bytes of answer. */
    private String exchange(final Socket device, final int length, final int answerLength) throws IOException {
        device.getOutputStream().write(bytes, 0, length);
        final byte[] answer = new byte[answerLength];
        new DataInputStream(device.getInputStream()).readFully(answer);
        return HexFormat.of().formatHex(answer);
    }

    private String exchange(final DatagramSocket device, final int length) throws IOException {
        device.send(new DatagramPacket(bytes, length));
        final DatagramPacket answer = new DatagramPacket(new byte[64], 64);
        device.receive(answer);
        return HexFormat.of().formatHex(answer.getData(), 0, answer.getLength());
    }
}
