// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

/**
 * Where a frame came from, and so where its acknowledgement goes: a connection or a datagram socket. The ring knows no
 * more of the network than this.
 */
public interface Origin {
    /**
     * The mailbox of the event loop that owns this origin.
     *
     * @return the mailbox, the same for the origin's whole life.
     */
    AcknowledgementMailbox mailbox();
}
