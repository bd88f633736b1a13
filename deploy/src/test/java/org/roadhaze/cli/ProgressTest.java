// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final StringWriter err = new StringWriter();
    private long nowNs;

    private Progress progress(final boolean isTerminal) {
        final Progress progress = new Progress(new PrintWriter(err), isTerminal, () -> nowNs);
        progress.expect(4);
        return progress;
    }

    @Test
    void shouldSayALineEveryTenSecondsWhereNobodySeesABar() {
        final Progress progress = progress(false);
        progress.begin("the policy as it is");
        assertThat(err.toString()).isEmpty();
        progress.replayed();
        progress.replayed();
        nowNs = Progress.LINE_NS;
        progress.end();
        progress.begin("trip-ends.trim: 250m");
        progress.replayed();
        nowNs += Progress.LINE_NS;
        progress.replayed();
        progress.close();
        assertThat(err.toString().lines())
                .containsExactly(
                        "roadhaze:  25 %, the policy as it is, about 30 s left",
                        "roadhaze:  42 %, trip-ends.trim: 250m, about 28 s left");
    }

    @Test
    void shouldDrawOneBarAtATerminalAndTakeItAwayAtTheEnd() {
        final Progress progress = progress(true);
        progress.begin("the policy as it is");
        progress.end();
        progress.close();
        assertThat(err.toString().split("\r\u001b\\[K", -1))
                .containsExactly(
                        "",
                        "[------------------------------]   0 %, the policy as it is",
                        "[########----------------------]  25 %, the policy as it is, about 0 s left",
                        "");
        assertThat(err.toString()).doesNotContain("\n");
    }
}
