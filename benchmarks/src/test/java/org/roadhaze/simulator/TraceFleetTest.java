// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fleet that drives what a trace tells. */
class TraceFleetTest {
    @TempDir
    Path directory;

    @Test
    void shouldGiveEveryNameAnImeiOfItsOwnThatStays() throws IOException {
        final Path file = Files.writeString(
                directory.resolve("trace.csv"), "device,time,latitude,longitude\na,1,45,7\nb,1,45,8\n");
        final TraceFleet fleet = TraceFleet.load(file, 10, 1);
        final TraceFleet again = TraceFleet.load(file, 10, 1);
        assertThat(fleet.devices()).isEqualTo(2);
        assertThat(fleet.imei(0)).isNotEqualTo(fleet.imei(1)).isEqualTo(again.imei(0));
        assertThat(TraceFleet.load(file, 1, 1).devices()).isEqualTo(1);
    }

    @Test
    void shouldDeriveSpeedAndCourseFromTheRowBefore() throws IOException {
        final Path file = Files.writeString(
                directory.resolve("trace.csv"),
                "device,time,latitude,longitude\na,100,60,10\na,110,60,10.001\na,120,59.999,10.001\n");
        final TraceFleet fleet = TraceFleet.load(file, 1, 1);
        final Fix fix = new Fix();
        fleet.next(0, fix);
        fleet.next(0, fix);
        assertThat(fix.speedKmh).isEqualTo(20);
        assertThat(fix.courseDeg).isEqualTo(90);
        fleet.next(0, fix);
        assertThat(fix.speedKmh).isEqualTo(40);
        assertThat(fix.courseDeg).isEqualTo(180);
        assertThat(fleet.hasNext(0)).isFalse();
    }

    @Test
    void shouldReadADayOfRealTaxis() throws IOException {
        final String shared = System.getProperty("roadhaze.shared", "");
        final Path file = Path.of(shared, "traces", "cabs-one-day.csv.gz");
        assumeThat(!shared.isEmpty() && Files.exists(file)).isTrue();
        final TraceFleet fleet = TraceFleet.load(file, Integer.MAX_VALUE, 1000);
        final Set<Long> imeis = new HashSet<>();
        final Fix fix = new Fix();
        int fixes = 0;
        for (int device = 0; device < fleet.devices(); device++) {
            imeis.add(fleet.imei(device));
            for (; fleet.hasNext(device); fixes++) {
                fleet.next(device, fix);
            }
        }
        assertThat(imeis).hasSize(496);
        assertThat(fixes + fleet.repeatedRows()).isEqualTo(240_280);
    }
}
