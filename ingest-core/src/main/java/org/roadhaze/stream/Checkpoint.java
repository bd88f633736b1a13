// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import java.io.IOException;

/** Passed again and again by what reads for long: it throws where that is to end. */
@FunctionalInterface
public interface Checkpoint {
    /**
     * Does nothing where all goes on.
     *
     * @throws IOException when it is to end here.
     */
    void pass() throws IOException;
}
