// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.geometry.S2CellId;
import com.google.common.geometry.S2LatLng;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our own S2 against Google's library: every answer must be the same, wherever the point is. */
class S2IndexTest {
    private static final int POINTS = 40_000;

    @ParameterizedTest(name = "level {0}")
    @ValueSource(ints = {0, 1, 2, 3, 5, 8, 10, 12, 13, 14, 16, 20, 24})
    void shouldAgreeWithTheLibraryEverywhere(final int level) {
        final SplittableRandom random = new SplittableRandom(20_250_713 + level);
        final S2Index index = new S2Index(level);
        for (int i = 0; i < POINTS; i++) {
            final double latitude = Math.toDegrees(Math.asin(2 * random.nextDouble() - 1));
            check(index, level, (int) Math.round(latitude * 1e7), random.nextInt(-1_800_000_000, 1_800_000_001));
        }
    }

    @Test
    void shouldAgreeWithTheLibraryAtTheCornersOfTheWorld() {
        final int[] latitudes = {-900_000_000, -899_999_999, -450_000_000, -1, 1, 352_643_897, 899_999_999, 900_000_000
        };
        final int[] longitudes = {-1_799_999_999, -1_349_999_999, -450_000_001, -1, 1, 449_999_999, 1_800_000_000};
        for (int level = 0; level <= S2Index.MOST_LEVEL; level++) {
            final S2Index index = new S2Index(level);
            for (final int latitude : latitudes) {
                for (final int longitude : longitudes) {
                    check(index, level, latitude, longitude);
                }
            }
        }
    }

    private static void check(final S2Index index, final int level, final int latitudeE7, final int longitudeE7) {
        final S2CellId expected = S2CellId.fromLatLng(S2LatLng.fromDegrees(latitudeE7 * 1e-7, longitudeE7 * 1e-7))
                .parent(level);
        final long cell = index.cellOf(latitudeE7, longitudeE7);
        assertThat(CellSystem.s2Id(cell))
                .as("%d, %d at level %d", latitudeE7, longitudeE7, level)
                .isEqualTo(expected.id());
        assertThat(CellSystem.of(cell)).isEqualTo(CellSystem.S2);
        assertThat(CellSystem.text(cell)).isEqualTo(expected.toToken());
        final S2LatLng centre = expected.toLatLng();
        assertThat(index.centreLatitudeE7()).isEqualTo((int) Math.round(centre.latDegrees() * 1e7));
        assertThat(index.centreLongitudeE7()).isEqualTo((int) Math.round(centre.lngDegrees() * 1e7));
    }
}
