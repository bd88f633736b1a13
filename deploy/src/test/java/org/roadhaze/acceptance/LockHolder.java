// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import java.io.IOException;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.rollcycles.LargeRollCycles;
import net.openhft.chronicle.wire.DocumentContext;

/** A program that begins a document in the queue that it is given, says so, and waits to be killed with the lock held. */
public final class LockHolder {
    static final String HOLDING = "holding";

    private LockHolder() {}

    /**
     * Begins the document.
     *
     * @param arguments the queue's directory.
     */
    public static void main(final String[] arguments) throws IOException {
        try (ChronicleQueue queue = SingleChronicleQueueBuilder.binary(arguments[0])
                        .rollCycle(LargeRollCycles.LARGE_HOURLY)
                        .build();
                ExcerptAppender appender = queue.createAppender();
                DocumentContext begun = appender.writingDocument()) {
            System.out.println(HOLDING);
            System.in.read();
            begun.rollbackOnClose();
        }
    }
}
