// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.roadhaze.journal.FrameOpener;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.reader.JournalReader;
import org.roadhaze.reader.StreamReader;
import org.roadhaze.simulator.LedgerReader;

/** What was promised against what is there: records are told apart by time and place, and counted. */
final class Books {
    /** A record without its device. */
    private record Fact(long timeMs, int latitudeE7, int longitudeE7) {}

    private final Map<Fact, Integer> promised = new HashMap<>();
    private final Map<Fact, Integer> kept = new HashMap<>();
    private long promisedRecords;
    private long keptRecords;

    /** Adds what was acknowledged to a fleet. */
    Books promised(final Path ledger) throws IOException {
        promisedRecords += LedgerReader.read(
                ledger,
                (imei, timeMs, latitudeE7, longitudeE7, sequence) ->
                        promised.merge(new Fact(timeMs, latitudeE7, longitudeE7), 1, Integer::sum));
        return this;
    }

    /** Adds what a stream holds. */
    Books kept(final Path data, final String stream) {
        try (StreamReader reader = StreamReader.open(data, stream)) {
            while (reader.next()) {
                kept.merge(new Fact(reader.timeMs(), reader.latitudeE7(), reader.longitudeE7()), 1, Integer::sum);
                keptRecords++;
            }
        }
        return this;
    }

    /** Adds what a journal holds: every frame of it can be opened, and no two have the same nonce. */
    Books keptSealed(final Path data, final String stream) throws IOException {
        final Set<String> nonces = new HashSet<>();
        final PositionBatch batch = new PositionBatch();
        try (JournalReader reader = JournalReader.open(data, stream)) {
            while (reader.next()) {
                assertThat(reader.answer()).isEqualTo(FrameOpener.Answer.OPEN);
                assertThat(nonces.add(reader.nonce())).as("a nonce of its own").isTrue();
                reader.decode(batch);
                for (int i = 0; i < batch.size(); i++) {
                    final Position position = batch.get(i);
                    kept.merge(
                            new Fact(position.fixTimeMs(), position.latitudeE7(), position.longitudeE7()),
                            1,
                            Integer::sum);
                    keptRecords++;
                }
            }
        }
        return this;
    }

    long promisedRecords() {
        return promisedRecords;
    }

    /** Records beyond those that were promised: sent again after an acknowledgement that was lost on its way. */
    long extraRecords() {
        return keptRecords - promisedRecords;
    }

    /** Acknowledged records that are not there. */
    long missing() {
        final long[] missing = {0};
        promised.forEach((fact, times) -> missing[0] += Math.max(0, times - kept.getOrDefault(fact, 0)));
        return missing[0];
    }

    /** Every acknowledged record is there, at least as often as it was acknowledged. */
    void assertNothingIsMissing() {
        final List<Fact> missing = new ArrayList<>();
        promised.forEach((fact, times) -> {
            if (kept.getOrDefault(fact, 0) < times) {
                missing.add(fact);
            }
        });
        assertThat(missing).isEmpty();
    }

    /** Nothing is there that no device sent. */
    void assertNothingIsMadeUp() {
        final List<Fact> strange = new ArrayList<>(kept.keySet());
        strange.removeIf(promised::containsKey);
        assertThat(strange).isEmpty();
    }
}
