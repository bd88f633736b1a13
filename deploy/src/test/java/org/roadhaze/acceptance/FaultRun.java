// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.roadhaze.simulator.FleetSimulator;
import org.roadhaze.simulator.SimulatorOptions;

/** What every fault test does: a configuration, a fleet with a ledger, an orderly end, and the books. */
final class FaultRun {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final String what;
    /** What the one engine of the run says that it let out; nothing where there were several, or one that could not say. */
    private OptionalLong published = OptionalLong.empty();

    /**
     * A run.
     *
     * @param directory of the test.
     * @param what      is done to the engine, for messages.
     */
    FaultRun(final Path directory, final String what) {
        this.directory = directory;
        this.what = what;
    }

    /**
     * The acceptance configuration.
     *
     * @param ack  when it acknowledges.
     * @param more lines of top-level keys, each with its end of line.
     * @return the file.
     */
    Path config(final String ack, final String more) throws IOException {
        final Path config = EngineFiles.acceptance(directory, EngineFiles.freePorts(), ack);
        return Files.writeString(config, more + Files.readString(config));
    }

    /** Where the data is, unless it is to be elsewhere. */
    Path data() {
        return directory.resolve("data");
    }

    /** Teltonika trackers over TCP, ten records a frame, for as long as the test wants; they wait for a minute for answers. */
    SimulatorOptions fleet(final EngineProcess engine) {
        return new SimulatorOptions()
                .target(engine.address("teltonika tcp"))
                .devices(20)
                .recordsPerFrame(10)
                .duration(Duration.ofMinutes(10))
                .acknowledgementTimeout(Duration.ofMinutes(1))
                .unreachableAfter(Duration.ofMinutes(2))
                .ledger(directory.resolve("ledger"));
    }

    void await(final Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }

    /** So many more records are acknowledged. */
    void awaitMore(final FleetSimulator fleet, final long records) {
        final long enough = fleet.counters().recordsAcknowledged() + records;
        await(() -> fleet.counters().recordsAcknowledged() >= enough);
    }

    /** The fleet gets all its acknowledgements. */
    void end(final FleetSimulator fleet) throws InterruptedException {
        fleet.stop();
        assertThat(fleet.await().failure()).as(what).isEmpty();
        assertThat(fleet.await().recordsAcknowledged())
                .as(what)
                .isEqualTo(fleet.await().recordsSent());
    }

    /** The fleet gets all its acknowledgements, and then the engine ends as it should, without a word of complaint. */
    void end(final FleetSimulator fleet, final EngineProcess engine) throws InterruptedException {
        end(fleet);
        stop(engine);
        assertThat(engine.err()).as(what).isEmpty();
        final long received = sumOf(engine, "listener ", "records: ") - sumOf(engine, "listener ", "sent again: ");
        published = OptionalLong.of(sumOf(engine, "stream ", "published: "));
        assertThat(published.getAsLong())
                .as("%s: of what it received once", what)
                .isPositive()
                .isEqualTo(received);
    }

    /** The last words of an engine begin with a line for each listener and stream, as often as it was asked for them. */
    private static long sumOf(final EngineProcess engine, final String subject, final String counter) {
        final Map<String, Long> last = new HashMap<>();
        for (final String line : engine.lines()) {
            final int at = line.indexOf(counter);
            if (line.startsWith(subject) && at >= 0) {
                final String name = line.substring(0, line.indexOf(": "));
                final String number = line.substring(at + counter.length(), line.indexOf(';', at));
                last.put(name, Long.parseLong(number.replace(",", "")));
            }
        }
        return last.values().stream().mapToLong(each -> each).sum();
    }

    /** The engine ends as it should. */
    void stop(final EngineProcess engine) throws InterruptedException {
        engine.terminate();
        assertThat(engine.awaitExit()).as(what).isZero();
    }

    Books.Balance assertBalanced(final Books.Allow... allows) throws IOException {
        return assertBalanced(data(), allows);
    }

    /** The same, where the data is elsewhere. Where one engine did it all, and could say so, its counters have to agree. */
    Books.Balance assertBalanced(final Path data, final Books.Allow... allows) throws IOException {
        final Books.Balance balance = new Books()
                .promised(directory.resolve("ledger"))
                .kept(data, "all")
                .assertBalanced(what, allows);
        if (published.isPresent()) {
            assertThat(balance.kept())
                    .as("%s: what it says that it let out", what)
                    .isEqualTo(published.getAsLong());
        }
        return balance;
    }
}
