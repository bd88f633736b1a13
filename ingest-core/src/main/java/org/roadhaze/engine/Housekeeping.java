// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * What an engine does again and again beside its work. Each task has a thread to itself at any time: a disk that takes half a
 * minute to force a file must not blind the watch over its free space, nor keep a key alive.
 *
 * <p>A task that throws is not run again: it has to catch what it can.
 */
final class Housekeeping implements AutoCloseable {
    private final ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(0, task -> {
        final Thread thread = new Thread(task, "housekeeping");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Has a task run again and again, for the first time at once. Runs of it never overlap; what was late is not made up for.
     *
     * @param periodMs from the end of one run to the begin of the next: at least 1.
     * @param task     what to do.
     */
    void every(final long periodMs, final Runnable task) {
        threads.setCorePoolSize(threads.getCorePoolSize() + 1);
        threads.scheduleWithFixedDelay(task, 0, periodMs, TimeUnit.MILLISECONDS);
    }

    /** Lets no task begin again. Tasks are not interrupted: one may be in the middle of writing keys. */
    @Override
    public void close() {
        threads.shutdown();
    }

    /**
     * Waits for the tasks that run, after {@link #close()}.
     *
     * @param timeoutMs for how long at most.
     * @return whether all have ended.
     * @throws InterruptedException when this thread is interrupted.
     */
    boolean awaitEnd(final long timeoutMs) throws InterruptedException {
        return threads.awaitTermination(timeoutMs, TimeUnit.MILLISECONDS);
    }
}
