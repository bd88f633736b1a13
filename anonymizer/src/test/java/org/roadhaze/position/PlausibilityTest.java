// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.position;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class PlausibilityTest {
    private static final long NOW_MS = 1_790_000_000_000L;

    private static Position judged(final int latitudeE7, final int longitudeE7, final long fixTimeMs) {
        final Position position = new Position()
                .latitudeE7(latitudeE7)
                .longitudeE7(longitudeE7)
                .fixTimeMs(fixTimeMs)
                .receivedTimeMs(NOW_MS);
        Plausibility.judge(position);
        return position;
    }

    @ParameterizedTest
    @CsvSource({
        // latitudeE7, longitudeE7, fix time relative to ours in ms, faults
        "520000000,   130000000,        0, 0",
        "900000000, -1800000000,        0, 0",
        "-900000000, 1800000000,        0, 0",
        "900000001,   130000000,        0, 4",
        "-900000001,  130000000,        0, 4",
        "520000000, -1800000001,        0, 4",
        "520000000,  1800000001,        0, 4",
        "0,                   0,        0, 8",
        "0,                   1,        0, 0",
        "520000000,   130000000, 86400000, 0",
        "520000000,   130000000, 86400001, 16",
        "900000001,   130000000, 86400001, 20",
    })
    void shouldMarkFixesThatCannotBe(
            final int latitudeE7, final int longitudeE7, final long aheadMs, final int faults) {
        assertThat(judged(latitudeE7, longitudeE7, NOW_MS + aheadMs).faults()).isEqualTo(faults);
    }

    @ParameterizedTest(name = "{4}: {1}")
    @CsvFileSource(resources = "times.csv", numLinesToSkip = 2)
    void shouldGiveLostWeeksBackAndTellTimesThatCannotBe(
            final String received, final String fix, final TimeFinding finding, final String expected) {
        final Position position = new Position()
                .latitudeE7(1)
                .longitudeE7(1)
                .fixTimeMs(timeMs(fix))
                .receivedTimeMs(timeMs(received));
        Plausibility.judge(position);
        assertThat(Plausibility.timeOf(position)).isEqualTo(finding);
        assertThat(position.fixTimeMs()).isEqualTo(timeMs(expected));
        final boolean wrong = finding == TimeFinding.NOT_SET || finding == TimeFinding.FAR_AHEAD;
        assertThat(position.faults()).isEqualTo(wrong ? Position.FAULT_TIME : 0);
        final long weeks = fix == null ? 0 : (timeMs(expected) - timeMs(fix)) / 604_800_000;
        assertThat(position.weeksAdded()).isEqualTo((int) weeks);
        Plausibility.judge(position.receivedTimeMs(timeMs(received)));
        assertThat(position.fixTimeMs()).as("judged again").isEqualTo(timeMs(expected));
    }

    private static long timeMs(final String iso) {
        return iso == null ? Position.UNKNOWN_TIME : Instant.parse(iso).toEpochMilli();
    }

    @Test
    void shouldSurviveTimesThatOnlyNumbersHave() {
        assertThat(judged(1, 1, Long.MAX_VALUE).faults()).isEqualTo(Position.FAULT_TIME);
        assertThat(judged(1, 1, Long.MIN_VALUE + 1).faults()).isEqualTo(Position.FAULT_TIME);
    }

    @Test
    void shouldForgetTheAddedWeeksWithTheTime() {
        final Position position = judged(1, 1, NOW_MS - 1024 * 604_800_000L);
        assertThat(position.weeksAdded()).isEqualTo(1024);
        assertThat(new Position().copyFrom(position).weeksAdded()).isEqualTo(1024);
        assertThat(position.fixTimeMs(NOW_MS).weeksAdded()).isZero();
    }

    @Test
    void shouldMarkTimesBeforeGpsTrackersAndMissingOnes() {
        assertThat(judged(1, 1, Plausibility.EARLIEST_MS).faults()).isZero();
        assertThat(judged(1, 1, Plausibility.EARLIEST_MS - 1).faults()).isEqualTo(Position.FAULT_TIME);
        assertThat(judged(1, 1, Position.UNKNOWN_TIME).faults()).isEqualTo(Position.FAULT_TIME);
    }

    @Test
    void shouldMarkATimeWhenNobodySaidWhenItCame() {
        final Position position = new Position().latitudeE7(1).longitudeE7(1).fixTimeMs(NOW_MS);
        Plausibility.judge(position);
        assertThat(position.faults()).isEqualTo(Position.FAULT_TIME);
    }

    @Test
    void shouldMarkARecordWithoutCoordinatesAsHavingNoFix() {
        assertThat(judged(Position.UNKNOWN, 1, NOW_MS).faults()).isEqualTo(Position.FAULT_NO_FIX);
        assertThat(judged(1, Position.UNKNOWN, NOW_MS).faults()).isEqualTo(Position.FAULT_NO_FIX);
    }

    @Test
    void shouldKeepWhatTheDecoderSaid() {
        final Position position = new Position()
                .latitudeE7(1)
                .longitudeE7(1)
                .fixTimeMs(NOW_MS)
                .receivedTimeMs(NOW_MS)
                .addFault(Position.FAULT_DEVICE_INVALID);
        Plausibility.judge(position);
        assertThat(position.faults()).isEqualTo(Position.FAULT_DEVICE_INVALID);
    }

    @Test
    void shouldSeeEveryChangeOfWhatItJudgesAndOfACopy() {
        assertThat(again(judged(1, 1, NOW_MS).latitudeE7(900_000_001))).isEqualTo(Position.FAULT_RANGE);
        assertThat(again(judged(1, 1, NOW_MS).longitudeE7(1_800_000_001))).isEqualTo(Position.FAULT_RANGE);
        assertThat(again(judged(1, 1, NOW_MS).fixTimeMs(0))).isEqualTo(Position.FAULT_TIME);
        assertThat(again(judged(1, 1, NOW_MS).receivedTimeMs(0))).isEqualTo(Position.FAULT_TIME);
        final Position used = judged(1, 1, NOW_MS);
        assertThat(again(used.copyFrom(new Position().latitudeE7(1).longitudeE7(1))))
                .isEqualTo(Position.FAULT_TIME);
        used.clear();
        assertThat(again(used)).isEqualTo(Position.FAULT_NO_FIX);
    }

    private static int again(final Position position) {
        Plausibility.judge(position);
        return position.faults();
    }
}
