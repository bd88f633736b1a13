// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Turns the order to end the process (SIGTERM, SIGINT) into an orderly end with an exit code of our own.
 *
 * <p>Java settles the exit code of a process that a signal ends, 128 and the signal's number, before anything of ours
 * runs, and ends as soon as all shutdown hooks have returned. So the hook waits until the command is done, and then
 * halts with the command's code.
 */
final class StopSignal {
    /** A clean stop takes a second or two; what takes longer is a disk that is stuck, and may never end. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Duration patience;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    /** Listens from now on. */
    StopSignal() {
        this(PATIENCE);
    }

    /**
     * Listens from now on.
     *
     * @param patience how long the command may take to stop.
     */
    StopSignal(final Duration patience) {
        this.patience = patience;
        Runtime.getRuntime().addShutdownHook(new Thread(this::onShutdown, "stop"));
    }

    private void onShutdown() {
        if (exit.isDone()) {
            return; // The command ended of itself, and its code is on its way.
        }
        ask();
        Runtime.getRuntime().halt(exit.join());
    }

    /** Asks the command to stop, as a signal would. A command that takes too long is ended where it is, and has failed. */
    void ask() {
        final Thread deadline = new Thread(this::endInTime, "stop-deadline");
        deadline.setDaemon(true);
        deadline.start();
        asked.countDown();
    }

    private void endInTime() {
        try {
            exit.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (final TimeoutException e) {
            System.err.println("roadhaze: did not end within " + patience.toSeconds()
                    + " s; what was on its way is not acknowledged, and devices send it again");
            Runtime.getRuntime().halt(Exit.FAILED);
        } catch (final InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e); // Nobody interrupts this thread, and nothing but a code completes this.
        }
    }

    /**
     * Whether somebody asked.
     *
     * @return true for good, once somebody did. Any thread's.
     */
    boolean isAsked() {
        return asked.getCount() == 0;
    }

    /**
     * Waits until somebody asks.
     *
     * @param atMost how long, or null for as long as it takes.
     * @return true when somebody did.
     * @throws InterruptedException when the waiting thread is interrupted.
     */
    boolean await(final Duration atMost) throws InterruptedException {
        if (atMost == null) {
            asked.await();
            return true;
        }
        return asked.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Everything is closed and said: the process may end.
     *
     * @param code its exit code.
     */
    void done(final int code) {
        exit.complete(code);
    }
}
