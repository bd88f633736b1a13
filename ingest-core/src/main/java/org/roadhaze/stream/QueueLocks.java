// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import java.nio.file.Path;
import java.util.List;
import net.openhft.chronicle.core.values.LongValue;
import net.openhft.chronicle.queue.impl.TableStore;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.impl.single.TableStoreWriteLock;
import net.openhft.chronicle.queue.impl.table.AbstractTSQueueLock;
import net.openhft.chronicle.queue.impl.table.Metadata;
import net.openhft.chronicle.queue.impl.table.SingleTableBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The locks in a queue's table. They hold the process id of whoever took them, and a killed process leaves them taken: in a
 * container the next one has the same id, and the queue would wait for itself.
 */
final class QueueLocks {
    private static final Logger LOG = LoggerFactory.getLogger(QueueLocks.class);

    /** The names that the queue gives them; that of the first is not public there. */
    private static final List<String> NAMES = List.of("chronicle.write.lock", TableStoreWriteLock.APPEND_LOCK_KEY);

    static {
        SingleChronicleQueueBuilder.addAliases(); // The table names its own class by one.
    }

    private QueueLocks() {}

    /**
     * Releases them, whoever has them. Only for the one that is known to be alone: an engine that holds its data directory.
     *
     * @param table the queue's table, which exists.
     */
    static void release(final Path table) {
        try (TableStore<Metadata.NoMeta> store =
                SingleTableBuilder.binary(table, Metadata.NoMeta.INSTANCE).build()) {
            for (final String name : NAMES) {
                final LongValue lock = store.acquireValueFor(name, AbstractTSQueueLock.UNLOCKED);
                final long holder = lock.getVolatileValue();
                if (holder != AbstractTSQueueLock.UNLOCKED) {
                    LOG.warn("{}: {} was held by process {}, which was killed: released", table, name, (int) holder);
                    lock.setVolatileValue(AbstractTSQueueLock.UNLOCKED);
                }
            }
        }
    }
}
