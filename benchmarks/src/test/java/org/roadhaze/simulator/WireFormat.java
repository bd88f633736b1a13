// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** As much of a protocol's server side as the {@link Sink} needs, written apart from the engine's decoders. */
interface WireFormat {
    /** Takes the records of a frame. */
    @FunctionalInterface
    interface RecordConsumer {
        void accept(long timeMs, int latitudeE7, int longitudeE7);
    }

    /** The length of the frame at the reader index, or 0 when too little of it is there to tell. */
    int frameLength(ByteBuf bytes, boolean loggedIn);

    /** The device that a login or datagram names. */
    long imei(ByteBuf frame);

    /** The records that a frame says it has. */
    int count(ByteBuf frame);

    void forEachRecord(ByteBuf frame, RecordConsumer records);

    /** The answer to a frame, or to a login when the count is -1. */
    ByteBuf acknowledgement(ByteBufAllocator allocator, ByteBuf frame, int count);

    /** Teltonika Codec 8 over TCP. */
    final class TeltonikaTcp implements WireFormat {
        @Override
        public int frameLength(final ByteBuf bytes, final boolean loggedIn) {
            if (!loggedIn) {
                return bytes.readableBytes() < 2 ? 0 : 2 + bytes.getShort(bytes.readerIndex());
            }
            return bytes.readableBytes() < 8 ? 0 : 12 + bytes.getInt(bytes.readerIndex() + 4);
        }

        @Override
        public long imei(final ByteBuf frame) {
            return digits(frame, 2);
        }

        @Override
        public int count(final ByteBuf frame) {
            return frame.getUnsignedByte(9);
        }

        @Override
        public void forEachRecord(final ByteBuf frame, final RecordConsumer records) {
            codec8(frame, 8, records);
        }

        @Override
        public ByteBuf acknowledgement(final ByteBufAllocator allocator, final ByteBuf frame, final int count) {
            return count < 0
                    ? allocator.buffer(1).writeByte(1)
                    : allocator.buffer(4).writeInt(count);
        }

        static long digits(final ByteBuf frame, final int offset) {
            long imei = 0;
            for (int i = 0; i < 15; i++) {
                imei = 10 * imei + frame.getByte(offset + i) - '0';
            }
            return imei;
        }

        static void codec8(final ByteBuf frame, final int codecAt, final RecordConsumer records) {
            int at = codecAt + 2;
            for (int i = frame.getUnsignedByte(codecAt + 1); i > 0; i--) {
                records.accept(frame.getLong(at), frame.getInt(at + 13), frame.getInt(at + 9));
                at += 26;
                for (int size = 1; size <= 8; size *= 2) {
                    at += 1 + frame.getUnsignedByte(at) * (1 + size);
                }
            }
        }
    }

    /** Teltonika Codec 8 over UDP. */
    final class TeltonikaUdp implements WireFormat {
        @Override
        public int frameLength(final ByteBuf bytes, final boolean loggedIn) {
            return bytes.readableBytes();
        }

        @Override
        public long imei(final ByteBuf frame) {
            return TeltonikaTcp.digits(frame, 8);
        }

        @Override
        public int count(final ByteBuf frame) {
            return frame.getUnsignedByte(24);
        }

        @Override
        public void forEachRecord(final ByteBuf frame, final RecordConsumer records) {
            TeltonikaTcp.codec8(frame, 23, records);
        }

        @Override
        public ByteBuf acknowledgement(final ByteBufAllocator allocator, final ByteBuf frame, final int count) {
            return allocator
                    .buffer(7)
                    .writeShort(5)
                    .writeShort(frame.getShort(2))
                    .writeByte(1)
                    .writeByte(frame.getByte(5))
                    .writeByte(count);
        }
    }

    /** GT06. */
    final class Gt06 implements WireFormat {
        @Override
        public int frameLength(final ByteBuf bytes, final boolean loggedIn) {
            return bytes.readableBytes() < 3 ? 0 : 5 + bytes.getUnsignedByte(bytes.readerIndex() + 2);
        }

        @Override
        public long imei(final ByteBuf frame) {
            long imei = 0;
            for (int i = 4; i < 12; i++) {
                imei = 100 * imei + (frame.getByte(i) >> 4 & 0xF) * 10L + (frame.getByte(i) & 0xF);
            }
            return imei;
        }

        @Override
        public int count(final ByteBuf frame) {
            return 1;
        }

        @Override
        public void forEachRecord(final ByteBuf frame, final RecordConsumer records) {
            final long timeMs = java.time.LocalDateTime.of(
                                    2000 + frame.getByte(4),
                                    frame.getByte(5),
                                    frame.getByte(6),
                                    frame.getByte(7),
                                    frame.getByte(8),
                                    frame.getByte(9))
                            .toEpochSecond(java.time.ZoneOffset.UTC)
                    * 1000;
            final int flags = frame.getShort(20);
            final int latitude = (int) Math.round(frame.getInt(11) / 0.18);
            final int longitude = (int) Math.round(frame.getInt(15) / 0.18);
            records.accept(
                    timeMs,
                    (flags & 1 << 10) != 0 ? latitude : -latitude,
                    (flags & 1 << 11) != 0 ? -longitude : longitude);
        }

        @Override
        public ByteBuf acknowledgement(final ByteBufAllocator allocator, final ByteBuf frame, final int count) {
            final int end = frame.writerIndex();
            final ByteBuf answer = allocator
                    .buffer(10)
                    .writeShort(0x7878)
                    .writeByte(5)
                    .writeByte(frame.getByte(3))
                    .writeShort(frame.getShort(end - 6));
            answer.writeShort(crcX25(answer, 2, 6));
            return answer.writeShort(0x0D0A);
        }

        private static int crcX25(final ByteBuf bytes, final int from, final int to) {
            int crc = 0xFFFF;
            for (int i = from; i < to; i++) {
                crc ^= bytes.getUnsignedByte(i);
                for (int bit = 0; bit < 8; bit++) {
                    crc = (crc & 1) != 0 ? crc >>> 1 ^ 0x8408 : crc >>> 1;
                }
            }
            return ~crc & 0xFFFF;
        }
    }
}
