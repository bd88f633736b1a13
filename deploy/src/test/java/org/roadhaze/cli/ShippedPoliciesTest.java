// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.anonymizer.policy.Policy;
import org.roadhaze.anonymizer.policy.StreamPolicy;
import org.roadhaze.evaluation.Finding;
import org.roadhaze.evaluation.Observed;
import org.roadhaze.evaluation.StreamAudit;
import org.roadhaze.evaluation.TraceFiles;
import org.roadhaze.evaluation.Track;
import org.roadhaze.position.Attribute;

/** A day of real taxis through every shipped policy that lets records out; the verifier finds every promise kept. */
@EnabledIfSystemProperty(named = "roadhaze.shared", matches = ".+")
class ShippedPoliciesTest {
    private static Observed observed(final Release release, final long ordinal) {
        final Map<String, Double> attributes = new HashMap<>();
        for (int i = 0; i < release.attributeCount(); i++) {
            attributes.put(
                    Attribute.labelOf(release.attributeKey(i)),
                    PolicyPromises.inUnit(release.attributeKey(i), release.attributeValue(i)));
        }
        final boolean hasPlace = release.latitudeE7() != Release.NO_COORDINATE;
        return new Observed(
                0,
                ordinal,
                release.pseudonym(),
                release.timeMs(),
                hasPlace ? release.latitudeE7() / 1e7 : Double.NaN,
                hasPlace ? release.longitudeE7() / 1e7 : Double.NaN,
                release.cell(),
                attributes);
    }

    @ParameterizedTest
    @CsvSource({
        "trips, trips, 8",
        "heatmap, heatmap, 6",
        "coarse-legal, coarse, 5",
        "counts, counts, 5",
        "traffic, traffic, 9"
    })
    void shouldKeepAllItsPromises(final String file, final String name, final int promises) throws IOException {
        final List<Track> tracks =
                TraceFiles.read(Path.of(System.getProperty("roadhaze.shared"), "traces", "cabs-one-day.csv.gz"));
        final StreamPolicy stream = Policy.read(CommandLineHarness.shipped("policies/" + file + ".yaml")).stream(name);
        final PolicyPromises promised = new PolicyPromises(stream);
        final StreamAudit audit = new StreamAudit(tracks, promised.promises(), promised.form(), 3);
        final long[] left = new long[1];
        new PolicyReplay(stream, 1)
                .replay(
                        tracks,
                        (final Candidate candidate, final long nowMs) ->
                                audit.accept(observed(candidate.release(), ++left[0])));

        final List<Finding> findings = audit.findings();
        System.out.println(file + ": " + left[0] + " records");
        findings.forEach(finding -> System.out.println("  " + finding.rule() + ": " + finding.checked() + " "
                + finding.counted() + ", " + finding.broken() + " broken, " + finding.undecided() + " undecided; worst "
                + finding.worst() + ", bound " + finding.bound()));
        assertThat(left[0]).isPositive();
        assertThat(findings).hasSize(promises).allMatch(Finding::isKept);
        assertThat(findings)
                .allMatch(finding -> finding.checked() > 0 || finding.counted().equals("values"));
    }
}
