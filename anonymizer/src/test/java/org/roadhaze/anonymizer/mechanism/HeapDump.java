// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Everything that is reachable in this process, as whoever can dump its heap sees it. */
final class HeapDump {
    private HeapDump() {}

    /**
     * Dumps the heap and looks for a long in it, in fields, arrays and bytes alike: a dump is big endian.
     *
     * @param directory  where the dump may lie for the while.
     * @param complement the bits of the long, inverted: the caller may not have it in its own memory.
     * @return whether it is there.
     */
    static boolean holds(final Path directory, final long complement) throws IOException {
        final Path file = directory.resolve("heap.hprof");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file.toString(), true);
        try (FileChannel channel = FileChannel.open(file)) {
            final MappedByteBuffer dump = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            for (int at = 0; at + Long.BYTES <= dump.capacity(); at++) {
                if (~dump.getLong(at) == complement) {
                    return true;
                }
            }
            return false;
        } finally {
            Files.delete(file);
        }
    }
}
