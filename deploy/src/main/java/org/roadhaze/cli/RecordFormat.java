// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.PrintWriter;
import org.roadhaze.reader.StreamReader;

/** How {@code tail} prints a record. */
interface RecordFormat {
    /**
     * Called once, before the first record.
     *
     * @param out where to.
     */
    void begin(PrintWriter out);

    /**
     * Prints the reader's current record as one line.
     *
     * @param reader stands on the record.
     * @param out    where to.
     */
    void print(StreamReader reader, PrintWriter out);
}
