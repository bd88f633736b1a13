// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.protocol.TeltonikaEncoder;

/** A Teltonika device at the other end of a real connection. */
final class Client implements AutoCloseable {
    private static final int PATIENCE_MS = 10_000;

    private final SocketChannel channel;
    private final Socket socket;
    private final DataInputStream in;

    Client(final InetSocketAddress address) throws IOException {
        channel = SocketChannel.open(address);
        socket = channel.socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MS);
        in = new DataInputStream(socket.getInputStream());
    }

    static long imei(final int number) {
        return 350_000_000_000_000L + number;
    }

    static byte[] login(final long imei) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[TeltonikaEncoder.LOGIN_LENGTH]);
        new TeltonikaEncoder().encodeLogin(buffer, 0, imei);
        return buffer.byteArray();
    }

    /** A packet of records, one second apart from a time on. */
    static byte[] packet(final long firstFixTimeMs, final int records) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[32 + 64 * records]);
        final TeltonikaEncoder encoder = new TeltonikaEncoder().begin(buffer, 0, TeltonikaEncoder.CODEC_8);
        for (int i = 0; i < records; i++) {
            encoder.record(firstFixTimeMs + 1000L * i, 520_000_000 + i, 130_000_000, 30, 90, 9, 50);
        }
        final byte[] bytes = new byte[encoder.end()];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    void send(final byte... bytes) throws IOException {
        final ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Writes a few bytes at most, and never waits: how many the socket still took. */
    int offer(final ByteBuffer bytes) throws IOException {
        channel.configureBlocking(false);
        try {
            return channel.write(bytes);
        } finally {
            channel.configureBlocking(true);
        }
    }

    int welcome() throws IOException {
        return in.readUnsignedByte();
    }

    int acknowledgedRecords() throws IOException {
        return in.readInt();
    }

    void login() throws IOException {
        login(1, true);
    }

    void login(final int number, final boolean awaitsWelcome) throws IOException {
        send(login(imei(number)));
        if (awaitsWelcome && welcome() != 1) {
            throw new IOException("not welcome");
        }
    }

    /** Whether the other end closes the connection before it says anything. */
    boolean isClosedByPeer() throws IOException {
        try {
            return in.read() < 0;
        } catch (final SocketTimeoutException e) {
            return false;
        } catch (final SocketException e) {
            return true;
        }
    }

    /** Says farewell, and waits for answers. */
    void sendNoMore() throws IOException {
        channel.shutdownOutput();
    }

    /** Ends the connection without the farewell: the peer is told by a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        channel.close();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
