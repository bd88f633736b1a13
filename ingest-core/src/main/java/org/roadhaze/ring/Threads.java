// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

/** Waits for threads to end. */
final class Threads {
    private Threads() {}

    /** Waits without end, even when interrupted: what the thread uses is given back after this. */
    static void join(final Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
