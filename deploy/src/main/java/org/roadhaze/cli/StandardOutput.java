// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.FileDescriptor;
import java.io.PrintWriter;
import java.lang.reflect.Method;

/**
 * Notices that nobody reads our output any more while there is nothing to write, as after {@code | head -1}: a write would
 * fail, but an idle stream gives none. The operating system tells it by poll(2), which Java has for itself alone; the
 * JVM's flags open it to us. Where that fails, only the next write notices.
 */
final class StandardOutput {
    private static final Method POLL = poll();

    private StandardOutput() {}

    /**
     * Whether writing would fail.
     *
     * @param out what writes to the standard output.
     * @return false, too, when it cannot be known.
     */
    static boolean isClosed(final PrintWriter out) {
        if (out.checkError()) {
            return true;
        }
        try {
            // No events are asked for, since errors and hang-ups are told unasked.
            return POLL != null && (int) POLL.invoke(null, FileDescriptor.out, 0, 0L) != 0;
        } catch (final ReflectiveOperationException e) {
            return false;
        }
    }

    private static Method poll() {
        try {
            final Method poll = Class.forName("sun.nio.ch.Net")
                    .getDeclaredMethod("poll", FileDescriptor.class, int.class, long.class);
            return poll.trySetAccessible() ? poll : null;
        } catch (final ReflectiveOperationException e) {
            return null;
        }
    }
}
