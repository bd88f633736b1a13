// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.position.Plausibility;
import org.roadhaze.position.Position;

class StreamChainTest {
    private static final long NOW_MS = 1_790_000_000_000L;

    private final List<Long> released = new ArrayList<>();

    private static Position fix() {
        return new Position()
                .deviceId(1)
                .fixTimeMs(NOW_MS)
                .receivedTimeMs(NOW_MS)
                .latitudeE7(2)
                .longitudeE7(3);
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

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldForgetThePseudonymOfAHeldRecordOnceItIsThrough(final boolean passes) {
        final Candidate held = new Candidate().reset(fix());
        final StreamChain chain = new StreamChain("s", List.of(new Mechanism() {
            @Override
            public void accept(final Candidate candidate, final Outlet outlet) {
                held.release().pseudonym(5);
                if (passes) {
                    outlet.pass(held);
                } else {
                    outlet.suppress(held, SuppressionReason.CROWD);
                }
            }
        }));
        offer(chain, fix());

        assertThat(held.release().pseudonym()).isEqualTo(Release.NO_PSEUDONYM);
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

    @ParameterizedTest
    @MethodSource("impossible")
    void shouldPublishNoFixThatCannotBeThoughNobodyHasJudgedIt(
            final Position position, final SuppressionReason reason) {
        final StreamChain chain = new StreamChain("s", List.of());
        offer(chain, position);

        assertThat(released).isEmpty();
        assertThat(chain.suppressed(reason)).isEqualTo(1);
    }

    static Stream<Arguments> impossible() {
        return Stream.of(
                Arguments.of(fix().latitudeE7(910_000_000), SuppressionReason.INVALID_FIX),
                Arguments.of(fix().longitudeE7(-1_810_000_000), SuppressionReason.INVALID_FIX),
                Arguments.of(fix().latitudeE7(0).longitudeE7(0), SuppressionReason.INVALID_FIX),
                Arguments.of(fix().fixTimeMs(0), SuppressionReason.INVALID_FIX),
                Arguments.of(fix().fixTimeMs(NOW_MS + 2 * Plausibility.MAX_AHEAD_MS), SuppressionReason.INVALID_FIX),
                Arguments.of(fix().fixTimeMs(Position.UNKNOWN_TIME), SuppressionReason.INVALID_FIX),
                Arguments.of(fix().receivedTimeMs(Position.UNKNOWN_TIME), SuppressionReason.INVALID_FIX),
                Arguments.of(fix().latitudeE7(Position.UNKNOWN), SuppressionReason.NO_FIX),
                Arguments.of(fix().longitudeE7(Position.UNKNOWN), SuppressionReason.NO_FIX));
    }

    @Test
    void shouldJudgeAPositionAgainWhenItWasChangedSince() {
        final StreamChain chain = new StreamChain("s", List.of());
        final Position position = fix();
        offer(chain, position);
        offer(chain, position.latitudeE7(910_000_000));

        assertThat(chain.published()).isEqualTo(1);
        assertThat(chain.suppressed(SuppressionReason.INVALID_FIX)).isEqualTo(1);
    }

    /** A step that notes the times that it is told, and may keep them from those after it. */
    private static Mechanism clock(final List<String> told, final String name, final boolean keepsTime) {
        return new TimedMechanism() {
            @Override
            public void accept(final Candidate candidate, final Outlet outlet) {
                outlet.pass(candidate);
            }

            @Override
            public void advanceTo(final long eventTimeMs, final Outlet outlet) {
                told.add(name + " " + eventTimeMs);
                if (keepsTime) {
                    outlet.advanceTo(eventTimeMs - 5);
                }
            }

            @Override
            public boolean keepsTime() {
                return keepsTime;
            }
        };
    }

    @Test
    void shouldLetAStepTellThoseAfterItTheTime() {
        final List<String> told = new ArrayList<>();
        final Mechanism deaf = (candidate, outlet) -> outlet.pass(candidate);
        final StreamChain chain = new StreamChain(
                "s",
                List.of(
                        deaf,
                        clock(told, "a", false),
                        deaf,
                        clock(told, "b", true),
                        clock(told, "c", false),
                        deaf,
                        clock(told, "d", false)));
        offer(chain, fix());

        final long timeMs = fix().fixTimeMs();
        assertThat(told).containsExactly("b " + timeMs, "d " + (timeMs - 5), "c " + (timeMs - 5), "a " + timeMs);
    }

    /** A step that notes what it is shown, and lets all pass. */
    private static Mechanism follower(final List<String> shown, final String name) {
        return new Mechanism() {
            @Override
            public void accept(final Candidate candidate, final Outlet outlet) {
                outlet.pass(candidate);
            }

            @Override
            public boolean followsTracks() {
                return true;
            }

            @Override
            public void observe(final Candidate candidate, final Outlet outlet) {
                shown.add(name + " observes " + candidate.position().deviceId());
            }

            @Override
            public void miss(final Candidate candidate) {
                shown.add(name + " misses " + candidate.position().deviceId());
            }
        };
    }

    @ParameterizedTest
    @CsvSource({
        "SENSITIVE_ZONE, observes",
        "LEARNED_ZONE, observes",
        "MEMORY, misses",
        "INVALID_FIX, misses",
        "LATE_EPOCHS, misses",
        "NOT_SAMPLED,",
        "LATE,"
    })
    void shouldShowEveryStepThatFollowsWhatAStepBeforeKeptBack(final SuppressionReason reason, final String what) {
        final List<String> shown = new ArrayList<>();
        final StreamChain chain = new StreamChain(
                "s",
                List.of(
                        follower(shown, "before"),
                        (candidate, outlet) -> outlet.suppress(candidate, reason),
                        follower(shown, "a"),
                        (candidate, outlet) -> outlet.pass(candidate),
                        follower(shown, "b")));
        offer(chain, fix());

        if (what == null) {
            assertThat(shown).isEmpty();
        } else {
            assertThat(shown).containsExactly("a " + what + " 1", "b " + what + " 1");
        }
    }

    /** Whatever is offered after a rebuild has left, or is counted. */
    @Test
    void shouldCountWhatTheGateKeepsBackOnceRecordsAreNew() {
        final StreamChain chain = new StreamChain("s", List.of((candidate, outlet) -> {
            candidate.release().timeMs(candidate.position().fixTimeMs());
            outlet.pass(candidate);
        }));
        chain.beginRebuilding(release -> false);
        offer(chain, fix());
        chain.endRebuilding(release -> release.timeMs() != NOW_MS, NOW_MS + 5_000);
        assertThat(chain.offered()).as("given again").isZero();
        assertThat(chain.suppressed(SuppressionReason.LEFT_BEFORE)).isZero();

        offer(chain, fix());
        offer(chain, fix().fixTimeMs(NOW_MS - 1));
        assertThat(released).containsExactly(NOW_MS - 1);
        assertThat(chain.offered()).isEqualTo(2);
        assertThat(chain.published()).isEqualTo(1);
        assertThat(chain.suppressed(SuppressionReason.LEFT_BEFORE)).isEqualTo(1);

        offer(chain, fix().receivedTimeMs(NOW_MS + 5_001));
        assertThat(chain.published()).as("when it is over").isEqualTo(2);
        assertThat(chain.isGated()).isFalse();
    }
}
