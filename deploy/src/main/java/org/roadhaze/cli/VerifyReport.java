// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.roadhaze.config.ConfigNode;
import org.roadhaze.evaluation.Finding;
import org.roadhaze.evaluation.Track;

/** What {@code verify} prints: no device and no place in it. */
final class VerifyReport {
    private final String stream;
    private final String version;
    private final int devices;
    private final long fixes;
    private final List<String> notChecked;
    private Map<String, Long> otherVersions = Map.of();
    private long unreadable;
    private long records;

    VerifyReport(final String stream, final String version, final List<Track> truth, final List<String> notChecked) {
        this.stream = stream;
        this.version = version;
        devices = truth.size();
        fixes = truth.stream().mapToLong(Track::size).sum();
        this.notChecked = notChecked;
    }

    /** One more record was held to the policy. */
    void judged() {
        records++;
    }

    long records() {
        return records;
    }

    /**
     * What was passed over.
     *
     * @param byVersion records of other versions of the policy.
     * @param documents that cannot be read.
     */
    void notJudged(final Map<String, Long> byVersion, final long documents) {
        otherVersions = byVersion;
        unreadable = documents;
    }

    /** Whether nothing is broken: no promise, and no document. */
    boolean isKept(final List<Finding> findings) {
        return unreadable == 0 && findings.stream().allMatch(Finding::isKept);
    }

    void print(final List<Finding> findings, final boolean json, final PrintWriter out) {
        if (json) {
            out.println(JsonText.of(toMap(findings)));
        } else {
            printLines(findings, out);
        }
        out.flush();
    }

    private void printLines(final List<Finding> findings, final PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "stream %s, policy %s: %,d records against %,d fixes of %,d devices%n",
                stream,
                version,
                records,
                fixes,
                devices);
        for (final Finding finding : findings) {
            out.printf(
                    Locale.ROOT,
                    "  %-7s %-15s %s: %,d %s%s%s%s%n",
                    finding.isKept() ? "kept" : "broken",
                    ConfigNode.word(finding.rule()),
                    finding.promise(),
                    finding.checked(),
                    finding.counted(),
                    finding.isKept() ? "" : String.format(Locale.ROOT, ", %,d broken", finding.broken()),
                    finding.undecided() == 0 ? "" : String.format(Locale.ROOT, ", %,d undecided", finding.undecided()),
                    worst(finding));
            for (final Finding.Breach breach : finding.violations()) {
                out.printf("            index %x, record %d: %s%n", breach.index(), breach.ordinal(), breach.found());
            }
        }
        for (final String promise : notChecked) {
            out.printf("  not checked: %s%n", promise);
        }
        otherVersions.forEach((other, count) ->
                out.printf(Locale.ROOT, "  not judged: %,d records of policy version %s%n", count, other));
        if (unreadable > 0) {
            out.printf(Locale.ROOT, "  not readable: %,d documents; see roadhaze queue verify%n", unreadable);
        }
        final long broken =
                findings.stream().filter(finding -> !finding.isKept()).count();
        out.println(
                broken == 0
                        ? "all " + findings.size() + " promises kept"
                        : broken + " of " + findings.size() + " promises broken");
    }

    private static String worst(final Finding finding) {
        return finding.worst().isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT,
                        "; worst %s, bound %s %s",
                        number(finding.worst().getAsDouble()),
                        number(finding.bound().orElse(Double.NaN)),
                        finding.unit());
    }

    private static String number(final double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, Math.abs(value) < 1 ? "%.6f" : "%.3f", value);
    }

    private Map<String, Object> toMap(final List<Finding> findings) {
        final Map<String, Object> all = new LinkedHashMap<>();
        all.put("stream", stream);
        all.put("policy", version);
        all.put("records", records);
        all.put("fixes", fixes);
        all.put("devices", devices);
        all.put("kept", isKept(findings));
        all.put("promises", findings.stream().map(VerifyReport::toMap).toList());
        all.put("notChecked", notChecked);
        all.put("recordsOfOtherVersions", otherVersions);
        all.put("unreadableDocuments", unreadable);
        return all;
    }

    private static Map<String, Object> toMap(final Finding finding) {
        final Map<String, Object> one = new LinkedHashMap<>();
        one.put("promise", ConfigNode.word(finding.rule()));
        one.put("says", finding.promise());
        one.put("kept", finding.isKept());
        one.put("counted", finding.counted());
        one.put("checked", finding.checked());
        one.put("undecided", finding.undecided());
        one.put("broken", finding.broken());
        one.put("worst", orNull(finding.worst()));
        one.put("bound", orNull(finding.bound()));
        one.put("unit", finding.unit());
        final List<Map<String, Object>> violations = new ArrayList<>();
        for (final Finding.Breach breach : finding.violations()) {
            final Map<String, Object> violation = new LinkedHashMap<>();
            violation.put("index", Long.toHexString(breach.index()));
            violation.put("record", breach.ordinal());
            violation.put("found", breach.found());
            violations.add(violation);
        }
        one.put("violations", violations);
        return one;
    }

    private static Double orNull(final OptionalDouble value) {
        return value.isPresent() ? (Double) value.getAsDouble() : null;
    }
}
