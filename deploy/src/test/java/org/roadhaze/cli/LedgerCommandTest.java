// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.DisclosureLedger;
import org.roadhaze.anonymizer.key.EpochRandom;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.position.Position;
import org.roadhaze.stream.DisclosureFiles;

class LedgerCommandTest {
    /** 2026-09-21, 14:13:20 UTC. */
    private static final long NOW_MS = 1_790_000_000_000L;

    private final KeyRing keys = KeyRing.inMemory(NOW_MS);

    private final CommandLineHarness roadhaze = new CommandLineHarness();

    @TempDir
    private Path data;

    private int devices = 100;

    @BeforeEach
    void makeStream() throws IOException {
        Files.createDirectories(data.resolve("streams/traffic"));
    }

    private void release(final long pseudonym, final long device, final long atMs, final int crowd) {
        final DisclosureFiles files = new DisclosureFiles(data, "traffic", 0);
        final DisclosureLedger ledger = new DisclosureLedger(
                new EpochRandom(keys.of("traffic", Duration.ofHours(24)), EpochRandom.Use.LEDGER), files, devices);
        final Position position = new Position();
        for (int i = 0; i < 3; i++) {
            final Candidate candidate =
                    new Candidate().reset(position.deviceId(device).fixTimeMs(atMs + i * 1000L * crowd));
            candidate.release().pseudonym(pseudonym);
            candidate.release().timeMs(atMs + i * 1000L * crowd);
            candidate.crowd(crowd);
            ledger.released(candidate, atMs);
        }
        files.saveQuietly();
    }

    private int ledger(final String... more) {
        final List<String> arguments =
                new ArrayList<>(List.of("ledger", "--stream", "traffic", "--data", data.toString()));
        arguments.addAll(List.of(more));
        return roadhaze.run(arguments.toArray(new String[0]));
    }

    @Test
    void shouldShowTheLongestLinkedFirst() {
        release(0xABCL, 7, NOW_MS, 5);
        release(0xDEFL, 8, NOW_MS, 9);

        assertThat(ledger()).isEqualTo(Exit.OK);
        assertThat(roadhaze.out().lines())
                .satisfiesExactly(
                        head -> assertThat(head).isEqualTo("stream traffic, 2026-09-21: 2 devices"),
                        names -> assertThat(names).startsWith("pseudonym"),
                        first -> assertThat(first)
                                .startsWith("0000000000000def ")
                                .contains(" 18.0 "),
                        second -> assertThat(second)
                                .startsWith("0000000000000abc ")
                                .contains(" 10.0 "));
    }

    @Test
    void shouldFindADeviceByItsPseudonym() {
        release(0xABCL, 7, NOW_MS, 5);
        release(0xDEFL, 8, NOW_MS, 9);

        assertThat(ledger("--device-pseudonym", "0000000000000abc")).isEqualTo(Exit.OK);
        assertThat(roadhaze.out().lines()).hasSize(3);
    }

    @Test
    void shouldGoOnWithWhatWasSaved() {
        release(0xABCL, 7, NOW_MS, 5);
        release(0xABCL, 7, NOW_MS + 60_000, 5);

        assertThat(ledger()).isEqualTo(Exit.OK);
        assertThat(roadhaze.out().lines().skip(2))
                .singleElement()
                .asString()
                .contains(" 6 ")
                .contains(" 70.0 ");
    }

    @Test
    void shouldLetNobodyElseReadIt() throws IOException {
        release(0xABCL, 7, NOW_MS, 5);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(account())))
                .isEqualTo("rw-------");
    }

    private Path account() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("disclosure/traffic"))) {
            return files.filter(file -> file.toString().endsWith(".disclosure"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void shouldGoOnAnewWhereTheAccountIsDamagedAndPutItAside() throws IOException {
        release(0xABCL, 7, NOW_MS, 5);
        final Path file = account();
        Files.write(file, new byte[] {1, 2, 3});

        assertThat(ledger()).isNotZero();
        assertThat(roadhaze.err()).contains(file.toString()).contains("found something else");

        release(0xDEFL, 8, NOW_MS, 9);
        assertThat(ledger()).isEqualTo(Exit.OK);
        assertThat(roadhaze.out().lines()).hasSize(3);
        assertThat(file.resolveSibling(file.getFileName() + ".damaged")).hasSize(3);
    }

    @Test
    void shouldKeepBothAccountsOfADayOnWhichTheNumberOfDevicesWasChanged() throws IOException {
        release(0xABCL, 7, NOW_MS, 5);
        devices = 5_000;
        release(0xDEFL, 8, NOW_MS, 9);

        assertThat(ledger()).isEqualTo(Exit.OK);
        assertThat(roadhaze.out()).contains("0000000000000abc").contains("0000000000000def");
    }

    @Test
    void shouldPassOverFilesThatAreNoAccount() throws IOException {
        release(0xABCL, 7, NOW_MS, 5);
        Files.write(account().resolveSibling("9999-99-99-x.disclosure"), new byte[1]);

        assertThat(ledger()).isEqualTo(Exit.OK);
    }

    @Test
    void shouldSayWhatCountsCostEachDevice() {
        final DisclosureFiles files = new DisclosureFiles(data, "traffic", 0);
        final DisclosureLedger ledger = new DisclosureLedger(
                new EpochRandom(keys.of("traffic", Duration.ofHours(24)), EpochRandom.Use.LEDGER), files, devices);
        for (int i = 0; i < 3; i++) {
            final Candidate count =
                    new Candidate().reset(new Position().deviceId(0).fixTimeMs(NOW_MS));
            count.epsilon(i * 0.5);
            ledger.released(count, NOW_MS);
        }
        files.saveQuietly();

        assertThat(ledger()).isEqualTo(Exit.OK);
        assertThat(roadhaze.out())
                .isEqualToNormalizingNewlines("stream traffic, 2026-09-21: 0 devices; 3 counts of many, which cost each"
                        + " device epsilon 1.500 at most\n");
    }

    @Test
    void shouldSayThatThereIsNoAccountYet() {
        assertThat(ledger()).isEqualTo(Exit.OK);
        assertThat(roadhaze.out()).isEqualToNormalizingNewlines("stream traffic: nothing has left yet\n");
    }

    @Test
    void shouldRefuseADayWithoutAccountAndNameThoseThatHaveOne() {
        release(0xABCL, 7, NOW_MS, 5);

        assertThat(ledger("--day", "2026-09-20")).isEqualTo(2);
        assertThat(roadhaze.err()).contains("--day: found 2026-09-20, allowed 2026-09-21");
    }
}
