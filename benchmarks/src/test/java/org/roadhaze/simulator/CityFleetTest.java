// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The built-in fleet drives as cars do. */
class CityFleetTest {
    private static final long FIRST_MS = 1_732_406_400_000L;
    private static final double METRES_PER_E7 = 0.0111195;

    private static double metres(final Fix a, final int latitudeE7, final int longitudeE7) {
        final double east = (a.longitudeE7 - longitudeE7) * METRES_PER_E7 * Math.cos(Math.toRadians(45));
        return Math.hypot(east, (a.latitudeE7 - latitudeE7) * METRES_PER_E7);
    }

    @Test
    void shouldMoveAsFastAsItSays() {
        final CityFleet fleet = new CityFleet(4, 1000, FIRST_MS, 1);
        final Fix fix = new Fix();
        for (int device = 0; device < 4; device++) {
            fleet.next(device, fix);
            int driving = 0;
            int standing = 0;
            for (int i = 1; i < 5000; i++) {
                final int latitudeE7 = fix.latitudeE7;
                final int longitudeE7 = fix.longitudeE7;
                final int odometerM = fix.odometerM;
                fleet.next(device, fix);
                // The receiver's error moves by a few metres at most; a lap ends where it began, but for that error.
                assertThat(metres(fix, latitudeE7, longitudeE7))
                        .isBetween(Math.max(0, fix.speedKmh / 3.6 - 8), fix.speedKmh / 3.6 + 14);
                assertThat(fix.odometerM).isBetween(odometerM, odometerM + 30);
                assertThat(fix.timeMs).isEqualTo(FIRST_MS + i * 1000L);
                assertThat(fix.courseDeg).isBetween(0, 359);
                assertThat(fix.satellites).isBetween(8, 15);
                assertThat(fix.speedKmh).isBetween(0, 60);
                driving += fix.speedKmh > 5 ? 1 : 0;
                standing += fix.speedKmh == 0 ? 1 : 0;
            }
            assertThat(driving).isGreaterThan(1000);
            assertThat(standing).isGreaterThan(500);
        }
    }

    @Test
    void shouldDriveTheSameWayAgain() {
        final CityFleet fleet = new CityFleet(3, 1000, FIRST_MS, 7);
        final CityFleet again = new CityFleet(3, 1000, FIRST_MS, 7);
        final CityFleet other = new CityFleet(3, 1000, FIRST_MS, 8);
        final Fix fix = new Fix();
        final Fix same = new Fix();
        for (int i = 0; i < 1000; i++) {
            fleet.next(2, fix);
            again.next(2, same);
            assertThat(same).usingRecursiveComparison().isEqualTo(fix);
        }
        assertThat(again.imei(2)).isEqualTo(fleet.imei(2)).isNotEqualTo(other.imei(2));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 1000, 30_000, 3_600_000})
    void shouldKeepToTheInterval(final int intervalMs) {
        final CityFleet fleet = new CityFleet(2, intervalMs, FIRST_MS, 1);
        final Fix fix = new Fix();
        for (int i = 0; i < 3000; i++) {
            assertThat(fleet.readyAtMs(1, 3)).isEqualTo(FIRST_MS + (i + 2L) * intervalMs);
            fleet.next(1, fix);
            assertThat(fix.timeMs).isEqualTo(FIRST_MS + (long) i * intervalMs);
        }
    }

    @Test
    void shouldHaveImeisThatNoRealDeviceHas() {
        final CityFleet fleet = new CityFleet(1000, 60_000, FIRST_MS, 1);
        final Set<Long> imeis = new HashSet<>();
        for (int device = 0; device < 1000; device++) {
            final String imei = String.format("%015d", fleet.imei(device));
            imeis.add(fleet.imei(device));
            assertThat(imei).hasSize(15).startsWith("001017");
            assertThat(luhnSum(imei) % 10).isZero();
        }
        assertThat(imeis).hasSize(1000);
    }

    /** 490154203237518 is the example of 3GPP TS 23.003, annex B. */
    @Test
    void shouldComputeTheCheckDigitAsTheStandardDoes() {
        assertThat(TestImei.luhnDigit(49_015_420_323_751L)).isEqualTo(8);
        assertThat(luhnSum("490154203237518") % 10).isZero();
    }

    private static int luhnSum(final String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            final int digit = digits.charAt(digits.length() - 1 - i) - '0';
            sum += i % 2 == 0 ? digit : digit * 2 / 10 + digit * 2 % 10;
        }
        return sum;
    }
}
