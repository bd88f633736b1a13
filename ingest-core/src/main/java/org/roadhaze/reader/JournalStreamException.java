// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.reader;

/** A stream that was opened to read records from it is a journal. */
public final class JournalStreamException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    JournalStreamException() {
        super(
                "the stream is a journal, whose frames are sealed: read it with a JournalReader, or with roadhaze journal read");
    }
}
