// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
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
import org.roadhaze.stream.QueueVerifier;
import org.roadhaze.stream.StreamFiles;

/**
 * What was promised to a fleet against what a stream holds, device by device: the one checker that every fault test ends
 * with. All ledgers are added first, then the streams.
 *
 * <p>The queue knows no device, only pseudonyms, a new one each epoch. Whose a pseudonym is follows from the first record
 * under it that only one device sent; from then on everything under it has to be that device's. So a record under another
 * device's pseudonym counts as foreign, and is missing where it belongs.
 */
final class Books {
    /** What a fault may leave behind. */
    enum Allow {
        /** A record that was sent again after its acknowledgement was lost is stored again. */
        TWICE,
        /** Records whose acknowledgement never reached a device, since the fleet ended first: no ledger has them. */
        UNACKNOWLEDGED,
        /** The engine died before the key of a late epoch was saved, up to a second: its devices get a second pseudonym. */
        NEW_PSEUDONYMS
    }

    /**
     * The result.
     *
     * @param promised   records that were acknowledged.
     * @param kept       records in the streams.
     * @param missing    acknowledged, and not there.
     * @param twice      there once more than they were sent.
     * @param foreign    there, and not sent by the device whose pseudonym they bear.
     * @param outOfOrder there after a record that the same device sent later.
     * @param renamed    pseudonyms of one device and epoch, beyond the first.
     * @param unreadable documents that readers pass over.
     * @param faults     what the verifier finds.
     */
    record Balance(
            long promised,
            long kept,
            long missing,
            long twice,
            long foreign,
            long outOfOrder,
            long renamed,
            long unreadable,
            List<QueueVerifier.Fault> faults) {}

    private record Fact(long timeMs, int latitudeE7, int longitudeE7) {}

    private record EpochOf(long imei, long epoch) {}

    private static final class Entry {
        private final int ledger;
        private final long sequence;
        private int promised;
        private int kept;

        private Entry(final int ledger, final long sequence) {
            this.ledger = ledger;
            this.sequence = sequence;
        }
    }

    private static final class Device {
        private final long imei;
        private final Map<Fact, Entry> entries = new HashMap<>();
        /** By ledger: the last record that was found for the first time. */
        private long[] lastSequence = {};

        private Device(final long imei) {
            this.imei = imei;
        }

        private boolean isInOrder(final Entry entry) {
            if (entry.ledger >= lastSequence.length) {
                final int length = lastSequence.length;
                lastSequence = Arrays.copyOf(lastSequence, entry.ledger + 1);
                Arrays.fill(lastSequence, length, lastSequence.length, -1);
            }
            final boolean inOrder = entry.sequence > lastSequence[entry.ledger];
            lastSequence[entry.ledger] = Math.max(lastSequence[entry.ledger], entry.sequence);
            return inOrder;
        }
    }

    private final long rotateMs;
    private final Map<Long, Device> devices = new HashMap<>();
    private final Map<String, Device> owners = new HashMap<>();
    private final Map<String, List<Fact>> nobodys = new HashMap<>();
    private final Map<EpochOf, Set<String>> names = new HashMap<>();
    private final List<QueueVerifier.Fault> faults = new ArrayList<>();
    private int ledgers;
    private long promised;
    private long kept;
    private long foreign;
    private long outOfOrder;
    private long unreadable;

    /** Books of a stream whose pseudonyms change every day, as those of the acceptance configuration do. */
    Books() {
        this(Duration.ofDays(1));
    }

    /**
     * Books.
     *
     * @param rotate how often the stream's pseudonyms change.
     */
    Books(final Duration rotate) {
        rotateMs = rotate.toMillis();
    }

    /** Adds what was acknowledged to a fleet. */
    Books promised(final Path ledger) throws IOException {
        promised += LedgerReader.read(ledger, this::promise);
        ledgers++;
        return this;
    }

    private void promise(
            final long imei, final long timeMs, final int latitudeE7, final int longitudeE7, final long sequence) {
        devices.computeIfAbsent(imei, Device::new)
                .entries
                .computeIfAbsent(new Fact(timeMs, latitudeE7, longitudeE7), fact -> new Entry(ledgers, sequence))
                .promised++;
    }

    /** Adds what a stream holds, as its readers see it, and what the verifier says of its files. */
    Books kept(final Path data, final String stream) throws IOException {
        try (StreamReader reader = StreamReader.open(data, stream)) {
            while (reader.next()) {
                kept++;
                keep(reader.pseudonym(), new Fact(reader.timeMs(), reader.latitudeE7(), reader.longitudeE7()));
            }
            unreadable += reader.unreadableDocuments();
        }
        faults.addAll(
                new QueueVerifier().verify(StreamFiles.queue(data, stream)).faults());
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
                    kept++;
                    final Position position = batch.get(i);
                    keep(
                            devices.get(reader.deviceId()),
                            new Fact(position.fixTimeMs(), position.latitudeE7(), position.longitudeE7()));
                }
            }
            unreadable += reader.unreadableDocuments();
        }
        faults.addAll(
                new QueueVerifier().verify(StreamFiles.queue(data, stream)).faults());
        return this;
    }

    private void keep(final String pseudonym, final Fact fact) {
        final Device owner = owners.get(pseudonym);
        if (owner != null) {
            keep(owner, pseudonym, fact);
            return;
        }
        nobodys.computeIfAbsent(pseudonym, name -> new ArrayList<>()).add(fact);
        Device found = null;
        for (final Device device : devices.values()) {
            if (device.entries.containsKey(fact)) {
                if (found != null) {
                    return; // Two were there at that moment: a later record will tell.
                }
                found = device;
            }
        }
        if (found != null) {
            owners.put(pseudonym, found);
            for (final Fact each : nobodys.remove(pseudonym)) {
                keep(found, pseudonym, each);
            }
        }
    }

    private void keep(final Device device, final String pseudonym, final Fact fact) {
        names.computeIfAbsent(new EpochOf(device.imei, Math.floorDiv(fact.timeMs, rotateMs)), epoch -> new HashSet<>(2))
                .add(pseudonym);
        keep(device, fact);
    }

    private void keep(final Device device, final Fact fact) {
        final Entry entry = device == null ? null : device.entries.get(fact);
        if (entry == null) {
            foreign++;
            return;
        }
        if (++entry.kept == 1 && entry.promised == 1 && !device.isInOrder(entry)) {
            outOfOrder++;
        }
    }

    /** The result so far. */
    Balance balance() {
        long missing = 0;
        long twice = 0;
        for (final Device device : devices.values()) {
            for (final Entry entry : device.entries.values()) {
                missing += Math.max(0, entry.promised - entry.kept);
                twice += Math.max(0, entry.kept - entry.promised);
            }
        }
        return new Balance(
                promised,
                kept,
                missing,
                twice,
                foreign + nobodys.values().stream().mapToLong(Collection::size).sum(),
                outOfOrder,
                names.values().stream().mapToLong(each -> each.size() - 1L).sum(),
                unreadable,
                faults);
    }

    /**
     * Every acknowledged record is there once, under its device's pseudonym and in the order in which it was sent, nothing
     * else is, and the files are as they were written.
     *
     * @param what   what was done to the engine, for the message.
     * @param allows what the fault may leave behind all the same.
     * @return the result.
     */
    Balance assertBalanced(final String what, final Allow... allows) {
        final Set<Allow> allowed = Set.of(allows);
        final Balance balance = balance();
        final Balance expected = new Balance(
                balance.promised,
                balance.kept,
                0,
                allowed.contains(Allow.TWICE) ? balance.twice : 0,
                allowed.contains(Allow.UNACKNOWLEDGED) ? balance.foreign : 0,
                0,
                allowed.contains(Allow.NEW_PSEUDONYMS) ? balance.renamed : 0,
                0,
                List.of());
        assertThat(balance).as(what).isEqualTo(expected);
        assertThat(balance.promised).as(what).isPositive();
        return balance;
    }
}
