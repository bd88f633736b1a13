// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Says how far evaluations are: a bar that goes on in its line at a terminal, and a line every ten seconds elsewhere. How many
 * replays an evaluation takes is known when the first is done. Not thread safe.
 */
final class Progress {
    static final long LINE_NS = Duration.ofSeconds(10).toNanos();

    private static final int BAR = 30;
    private static final int REPLAYS_AT_FIRST = 4;
    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean isTerminal;
    private final LongSupplier nowNs;
    private final long beganNs;
    private int evaluations = 1;
    private int done;
    private int replays;
    private int replaysOfOne = REPLAYS_AT_FIRST;
    private String what = "";
    private long saidNs;

    /**
     * Begins.
     *
     * @param err        the standard error.
     * @param isTerminal whether it is one.
     * @param nowNs      a clock that goes on evenly.
     */
    Progress(final PrintWriter err, final boolean isTerminal, final LongSupplier nowNs) {
        this.err = err;
        this.isTerminal = isTerminal;
        this.nowNs = nowNs;
        beganNs = nowNs.getAsLong();
        saidNs = beganNs;
    }

    /** How many evaluations there are in all. */
    void expect(final int all) {
        evaluations = all;
    }

    /** An evaluation begins. */
    void begin(final String of) {
        what = of;
        replays = 0;
        say();
    }

    /** One of its replays is done. */
    void replayed() {
        replays++;
        say();
    }

    /** An evaluation is done. */
    void end() {
        replaysOfOne = Math.max(1, replays);
        replays = 0;
        done++;
        say();
    }

    /** Everything is done, or nothing more will be: leaves no bar. */
    void close() {
        if (isTerminal) {
            err.print(CLEAR);
            err.flush();
        }
    }

    private void say() {
        final long now = nowNs.getAsLong();
        final double share =
                Math.min(1, (done + Math.min(1, replays / (replaysOfOne + 1.0))) / Math.max(1, evaluations));
        if (isTerminal) {
            final int full = (int) Math.round(BAR * share);
            err.print(CLEAR + "[" + "#".repeat(full) + "-".repeat(BAR - full) + "] " + text(share, now));
            err.flush();
        } else if (now - saidNs >= LINE_NS) {
            saidNs = now;
            err.println("roadhaze: " + text(share, now));
            err.flush();
        }
    }

    private String text(final double share, final long now) {
        final double seconds = (now - beganNs) / 1e9;
        final String left =
                share == 0 || share == 1 ? "" : ", about " + rounded(seconds * (1 - share) / share) + " left";
        return String.format(Locale.ROOT, "%3.0f %%, %s%s", 100 * share, what, left);
    }

    private static String rounded(final double seconds) {
        return seconds < 90
                ? String.format(Locale.ROOT, "%.0f s", seconds)
                : String.format(Locale.ROOT, "%.0f min", seconds / 60);
    }
}
