// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

/** What the exit codes mean. */
final class Exit {
    static final int OK = 0;
    /** The command ran, and what it found or did is not all well. */
    static final int FAILED = 1;
    /** The command line or a file that it names is wrong. */
    static final int USAGE = 2;
    /** The engine cannot start here: the data directory is in use, an address is taken. */
    static final int CANNOT_START = 3;
    /** Of evaluate: an attack finds more than the policy allows. */
    static final int LIMIT_BROKEN = 3;

    private Exit() {}
}
