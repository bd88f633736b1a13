// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.position.Position;

class StreamChainTest {
    private final List<Long> released = new ArrayList<>();

    private static Position fix() {
        return new Position().deviceId(1).fixTimeMs(1_000).latitudeE7(2).longitudeE7(3);
    }

    private void offer(final StreamChain chain, final Position position) {
        chain.offer(position, release -> released.add(release.timeMs()));
    }

    @Test
    void shouldReleaseNothingThatNoMechanismLetOut() {
        final StreamChain chain = new StreamChain("s", List.of());
        chain.offer(fix().attribute(9, 1), release -> {
            assertThat(release.pseudonym()).isEqualTo(Release.NO_PSEUDONYM);
            assertThat(release.timeMs()).isEqualTo(Release.NO_TIME);
            assertThat(release.latitudeE7()).isEqualTo(Release.NO_COORDINATE);
            assertThat(release.longitudeE7()).isEqualTo(Release.NO_COORDINATE);
            assertThat(release.cell()).isEqualTo(Release.NO_CELL);
            assertThat(release.attributeCount()).isZero();
        });

        assertThat(chain.published()).isEqualTo(1);
    }

    @Test
    void shouldRunTheMechanismsInTheirOrder() {
        final StreamChain chain = new StreamChain(
                "s",
                List.of(
                        (candidate, outlet) -> {
                            candidate.release().timeMs(7);
                            outlet.pass(candidate);
                        },
                        (candidate, outlet) -> {
                            candidate.release().timeMs(candidate.release().timeMs() * 3);
                            outlet.pass(candidate);
                        }));
        offer(chain, fix());

        assertThat(released).containsExactly(21L);
    }

    @Test
    void shouldEndWhatIsSuppressedAndCountEverythingOnce() {
        final StreamChain chain = new StreamChain(
                "s",
                List.of(
                        (candidate, outlet) -> {
                            if (candidate.position().deviceId() == 1) {
                                outlet.suppress(candidate, SuppressionReason.SENSITIVE_ZONE);
                            } else {
                                outlet.pass(candidate);
                            }
                        },
                        (candidate, outlet) -> outlet.pass(candidate)));
        offer(chain, fix());
        offer(chain, fix().deviceId(2));
        offer(chain, fix().addFault(Position.FAULT_NO_FIX));

        assertThat(released).hasSize(1);
        assertThat(chain.offered()).isEqualTo(3);
        assertThat(chain.published()).isEqualTo(1);
        assertThat(chain.suppressed(SuppressionReason.SENSITIVE_ZONE)).isEqualTo(1);
        assertThat(chain.suppressed(SuppressionReason.NO_FIX)).isEqualTo(1);
        assertThat(chain.suppressed(SuppressionReason.INVALID_FIX)).isZero();
    }

    @ParameterizedTest(name = "faults {0}")
    @CsvSource({"1, NO_FIX", "2, INVALID_FIX", "3, NO_FIX", "4, INVALID_FIX", "8, INVALID_FIX", "16, INVALID_FIX"})
    void shouldKeepFixesThatAreNoneAwayFromTheMechanisms(final int faults, final SuppressionReason reason) {
        final StreamChain chain = new StreamChain("s", List.of((candidate, outlet) -> {
            throw new AssertionError("reached a mechanism");
        }));
        offer(chain, fix().addFault(faults));

        assertThat(released).isEmpty();
        assertThat(chain.suppressed(reason)).isEqualTo(1);
    }

    @Test
    void shouldFailClosedWhenAPlaceOrATimeIsMissingThoughNoFaultIsKnown() {
        final StreamChain chain = new StreamChain("s", List.of());
        offer(chain, fix().latitudeE7(Position.UNKNOWN));
        offer(chain, fix().longitudeE7(Position.UNKNOWN));
        offer(chain, fix().fixTimeMs(Position.UNKNOWN_TIME));

        assertThat(released).isEmpty();
        assertThat(chain.suppressed(SuppressionReason.INVALID_FIX)).isEqualTo(3);
    }
}
