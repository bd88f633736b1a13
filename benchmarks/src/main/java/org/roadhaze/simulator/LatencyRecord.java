// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * How long acknowledgements took, in microseconds, exact to three digits: since the start, and since someone last looked.
 *
 * <p>Recorded by the loop's thread; {@link #sinceLast} is for one other.
 */
final class LatencyRecord {
    private static final long MAX_MICROS = 3_600_000_000L;

    private final Histogram total = new Histogram(MAX_MICROS, 3);
    private final SingleWriterRecorder recent = new SingleWriterRecorder(MAX_MICROS, 3);
    private Histogram shown;

    void record(final long latencyNs) {
        final long micros = Math.min(MAX_MICROS, Math.max(0, latencyNs / 1000));
        total.recordValue(micros);
        recent.recordValue(micros);
    }

    /**
     * What was recorded since this was called last.
     *
     * @return overwritten by the next call.
     */
    Histogram sinceLast() {
        shown = recent.getIntervalHistogram(shown);
        return shown;
    }

    /**
     * What was recorded in all; only by the loop's thread.
     *
     * @return the distribution, all zero when nothing was recorded.
     */
    SimulatorSummary.LatencyMicros total() {
        return new SimulatorSummary.LatencyMicros(
                total.getValueAtPercentile(50),
                total.getValueAtPercentile(99),
                total.getValueAtPercentile(99.9),
                total.getMaxValue());
    }
}
