// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import java.util.Locale;

/**
 * How a simulation went.
 *
 * @param devices             that were simulated.
 * @param framesSent          each once.
 * @param recordsSent         each once.
 * @param recordsAcknowledged each once.
 * @param recordsPerSecond    acknowledged, from the first connection, or the end of the warm-up, to the last acknowledgement.
 * @param ackLatencyMicros    after the warm-up: from the planned sending of a frame (its sending, where no rate is given) to its
 *                            acknowledgement, with all its resends.
 * @param reconnects          connections after the first of a device.
 * @param resends             frames sent again.
 * @param refusedLogins       logins that the target answered with no.
 * @param refusedFrames       frames acknowledged with another number of records.
 * @param skippedRows         rows of the trace that were left out, since their device had one at the same time.
 * @param recordsNotSent      planned at the given rate, and never sent since their devices still waited.
 * @param failure             why the run ended before its time, or empty.
 */
public record SimulatorSummary(
        int devices,
        long framesSent,
        long recordsSent,
        long recordsAcknowledged,
        long recordsPerSecond,
        LatencyMicros ackLatencyMicros,
        long reconnects,
        long resends,
        long refusedLogins,
        long refusedFrames,
        int skippedRows,
        long recordsNotSent,
        String failure) {

    /**
     * A distribution of latencies in microseconds.
     *
     * @param p50  median.
     * @param p99  99th percentile.
     * @param p999 99.9th percentile.
     * @param max  largest.
     */
    public record LatencyMicros(long p50, long p99, long p999, long max) {}

    public boolean failed() {
        return !failure.isEmpty();
    }

    /**
     * Whether all that was sent was acknowledged.
     *
     * @return false, too, when nothing was.
     */
    public boolean isComplete() {
        return recordsAcknowledged > 0 && recordsAcknowledged == recordsSent;
    }

    /**
     * As one line of JSON, the last of {@code simulate --json}.
     *
     * @return an object.
     */
    public String toJson() {
        return "{" + jsonFields() + "}";
    }

    /**
     * The fields of {@link #toJson}, for an object that has more of them.
     *
     * @return without braces.
     */
    public String jsonFields() {
        return String.format(
                Locale.ROOT,
                "\"devices\":%d,\"framesSent\":%d,\"recordsSent\":%d,\"recordsAcknowledged\":%d,"
                        + "\"recordsPerSecond\":%d,"
                        + "\"ackLatencyMicros\":{\"p50\":%d,\"p99\":%d,\"p999\":%d,\"max\":%d},"
                        + "\"reconnects\":%d,\"resends\":%d,\"refusedLogins\":%d,\"refusedFrames\":%d,"
                        + "\"skippedRows\":%d,\"recordsNotSent\":%d",
                devices,
                framesSent,
                recordsSent,
                recordsAcknowledged,
                recordsPerSecond,
                ackLatencyMicros.p50,
                ackLatencyMicros.p99,
                ackLatencyMicros.p999,
                ackLatencyMicros.max,
                reconnects,
                resends,
                refusedLogins,
                refusedFrames,
                skippedRows,
                recordsNotSent);
    }
}
