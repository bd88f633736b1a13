// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicySweepTest {
    /** Its first line has letters of two and of four bytes: places in it count neither bytes nor chars. */
    private static final String POLICY = """
            # \u00dcberall und nirgends \ud834\udd1e
            policy: { version: v1 }
            streams:
              city:
                retention: 1d
                identity: { pseudonym: keyed, rotate: 6h }
                location:
                  - trip-ends: { trim: 500m, stop-dwell: 3min }
                  - cell: { h3: 14, publish: both }
                time: { round: 15s }
                attributes: { keep: [{ speed: { bucket: 5 } }] }
            """;

    @TempDir
    private Path files;

    private List<PolicySweep.Variant> variants(final String policy, final String stream) throws IOException {
        return PolicySweep.of(Files.writeString(files.resolve("policy.yaml"), policy), stream);
    }

    private static List<String> values(final List<PolicySweep.Variant> variants, final String parameter) {
        return variants.stream()
                .filter(variant -> variant.parameter().equals(parameter))
                .map(PolicySweep.Variant::value)
                .toList();
    }

    @Test
    void shouldVaryOneQuantityAtATimeInTheOrderOfTheFile() throws IOException {
        final List<PolicySweep.Variant> variants = variants(POLICY, "city");
        assertThat(variants.stream().map(PolicySweep.Variant::parameter).distinct())
                .containsExactly("identity.rotate", "trip-ends.trim", "trip-ends.stop-dwell", "cell.h3", "time.round");
        assertThat(values(variants, "trip-ends.trim")).containsExactly("125m", "250m", "500m", "1000m", "2000m");
        assertThat(variants.stream().filter(PolicySweep.Variant::isOwn).map(PolicySweep.Variant::value))
                .containsExactly("6h", "500m", "3min", "14", "15s");
        final StreamPolicy own = Policy.read(files.resolve("policy.yaml")).stream("city");
        for (final PolicySweep.Variant variant : variants) {
            assertThat(variant.policy().hash() == own.hash())
                    .as("%s %s", variant.parameter(), variant.value())
                    .isEqualTo(variant.isOwn());
            assertThat(variant.policy().steps())
                    .as("steps that differ with %s %s", variant.parameter(), variant.value())
                    .filteredOn(step -> own.steps().stream().noneMatch(each -> each.parameters()
                            .canonical()
                            .equals(step.parameters().canonical())))
                    .hasSize(variant.isOwn() ? 0 : 1);
        }
    }

    @Test
    void shouldLeaveOutWhatNoPolicyMaySay() throws IOException {
        assertThat(values(variants(POLICY, "city"), "cell.h3"))
                .as("H3 has no resolution 16")
                .containsExactly("12", "13", "14", "15");
        final String legal = """
                policy: { version: v1 }
                streams:
                  coarse:
                    retention: 1d
                    identity: none
                    location: [{ cell: { h3: 6, coarse: legal } }]
                """;
        assertThat(values(variants(legal, "coarse"), "cell.h3"))
                .as("8 is finer than the law wants, which is a contradiction")
                .containsExactly("4", "5", "6", "7");
    }

    @Test
    void shouldScaleBothEndsOfARange() throws IOException {
        final String pieces = """
                policy: { version: v1 }
                streams:
                  traffic:
                    retention: 1d
                    identity: { pseudonym: per-segment }
                    location:
                      - split-and-gap: { segment: 270s..5min, gap: density, confusion: 2.5bit }
                      - cell: { grid: 100m }
                """;
        final List<PolicySweep.Variant> variants = variants(pieces, "traffic");
        assertThat(values(variants, "split-and-gap.segment")).contains("135s..2.5min", "270s..5min");
        assertThat(values(variants, "split-and-gap.confusion")).contains("1.25bit", "2.5bit");
    }

    @Test
    void shouldFindNothingInAStreamThatStandsElsewhere() throws IOException {
        assertThat(variants(POLICY, "town")).isEmpty();
        assertThat(variants("policy: { file: other.yaml }\n", "city")).isEmpty();
    }
}
