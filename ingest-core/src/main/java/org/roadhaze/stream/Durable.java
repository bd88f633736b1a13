// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import java.io.IOException;

/** What can be brought to the disk. */
@FunctionalInterface
public interface Durable {
    /**
     * Returns when everything that was written before the call is on the disk, while its owner may go on writing. One
     * thread alone calls this.
     *
     * @throws IOException when it may not be. Nothing that was written since the last call can be relied on then: the
     *                     system may have dropped the pages, and a second try would say that all is well.
     */
    void force() throws IOException;
}
