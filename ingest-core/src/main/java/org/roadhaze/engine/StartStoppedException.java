// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.roadhaze.stream.Checkpoint;

/** An engine was told to stop before it was ready: nothing was taken in, and the next start does again what this one had begun. */
public final class StartStoppedException extends IOException {
    private static final long serialVersionUID = 1L;

    private StartStoppedException() {
        super("told to stop before it was ready: nothing was taken in, and nothing is lost");
    }

    /** Throws one where somebody says so, or interrupts the thread that starts. */
    static Checkpoint where(final BooleanSupplier isToldToStop) {
        return () -> {
            if (isToldToStop.getAsBoolean() || Thread.interrupted()) {
                throw new StartStoppedException();
            }
        };
    }
}
