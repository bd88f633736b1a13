// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import org.agrona.DirectBuffer;

/** Acknowledgements of one connection on their way; one buffer again and again, unless the socket is slow. Its event loop's. */
final class Outgoing {
    private static final int CAPACITY = 64;

    private ByteBuf bytes;
    private boolean unflushed;

    /**
     * Adds one, to be sent by {@link #flush}.
     *
     * @return whether it is the first since then.
     */
    boolean add(final ChannelHandlerContext context, final DirectBuffer buffer, final int length) {
        if (bytes == null) {
            bytes = context.alloc().directBuffer(Math.max(CAPACITY, length));
        }
        bytes.writeBytes(buffer.byteArray(), 0, length);
        final boolean first = !unflushed;
        unflushed = true;
        return first;
    }

    void flush(final ChannelHandlerContext context) {
        unflushed = false;
        if (bytes == null) {
            return;
        }
        context.writeAndFlush(bytes.retain(), context.voidPromise());
        if (bytes != null && bytes.refCnt() == 1) {
            bytes.clear();
        } else {
            release(); // The socket took only a part: what is left of the buffer stays with the channel.
        }
    }

    void release() {
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
    }
}
