// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.position.Position;

class CivilTimeTest {
    @Test
    void shouldAgreeWithTheJdkOnEveryDayOfFourHundredYears() {
        for (long day = -10_000; day < 136_097; day++) {
            final long epochMs = day * 86_400_000 + (day & 0xFFFF) * 1000;
            final LocalDateTime date = LocalDateTime.ofInstant(Instant.ofEpochMilli(epochMs), ZoneOffset.UTC);
            final int yyyymmdd = date.getYear() * 10_000 + date.getMonthValue() * 100 + date.getDayOfMonth();
            assertThat(CivilTime.yyyymmdd(epochMs)).isEqualTo(yyyymmdd);
            assertThat(CivilTime.secondOfDay(epochMs))
                    .isEqualTo(date.toLocalTime().toSecondOfDay());
            assertThat(CivilTime.toEpochMs(
                            date.getYear(),
                            date.getMonthValue(),
                            date.getDayOfMonth(),
                            date.getHour(),
                            date.getMinute(),
                            date.getSecond()))
                    .isEqualTo(epochMs);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 1, 0, 0, 0",
        "10000, 1, 1, 0, 0, 0",
        "2017, 0, 1, 0, 0, 0",
        "2017, 13, 1, 0, 0, 0",
        "2017, 1, 0, 0, 0, 0",
        "2017, 1, 32, 0, 0, 0",
        "2017, 2, 29, 0, 0, 0",
        "1900, 2, 29, 0, 0, 0",
        "2017, 4, 31, 0, 0, 0",
        "2017, 9, 31, 0, 0, 0",
        "2017, 1, 1, 24, 0, 0",
        "2017, 1, 1, 0, 60, 0",
        "2017, 1, 1, 0, 0, 60",
        "2017, 1, 1, -1, 0, 0",
    })
    void shouldTakeNoTimeThatIsNotInTheCalendar(
            final int year, final int month, final int day, final int hour, final int minute, final int second) {
        assertThat(CivilTime.toEpochMs(year, month, day, hour, minute, second)).isEqualTo(Position.UNKNOWN_TIME);
    }

    @Test
    void shouldTakeExactlyTheDaysThatTheJdkTakes() {
        final Random random = new Random(20);
        for (int i = 0; i < 100_000; i++) {
            final int year = 1 + random.nextInt(9999);
            final int month = 1 + random.nextInt(12);
            final int day = 1 + random.nextInt(31);
            final boolean exists = day <= java.time.YearMonth.of(year, month).lengthOfMonth();
            assertThat(CivilTime.toEpochMs(year, month, day, 0, 0, 0) != Position.UNKNOWN_TIME)
                    .isEqualTo(exists);
        }
    }
}
