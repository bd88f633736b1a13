// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.agrona.MutableDirectBuffer;
import org.roadhaze.anonymizer.DisclosureTable;
import org.roadhaze.stream.DisclosureFiles;
import org.roadhaze.stream.StreamFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code roadhaze ledger}: what a stream has let out of each device in a day, the worst first. */
@Command(
        name = "ledger",
        description = {
            "Shows what a stream has let out of each device in a day, those first whose records could be linked for longest.",
            "Devices are shown by pseudonyms of theirs, never by their numbers. A running engine saves its account every"
                    + " ten seconds."
        },
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        sortOptions = false)
public final class LedgerCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--stream", paramLabel = "S", required = true, description = "The stream.")
    private String stream;

    @Option(names = "--data", paramLabel = "DIR", description = "The data directory (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("data");

    @Option(names = "--day", paramLabel = "YYYY-MM-DD", description = "The day, in UTC (default: the last there is).")
    private String day;

    @Option(names = "--top", paramLabel = "N", description = "How many devices to show (default: ${DEFAULT-VALUE}).")
    private int top = 10;

    @Option(
            names = "--device-pseudonym",
            paramLabel = "HEX",
            description = "Only the device whose longest linked records carry this pseudonym, as tail shows it.")
    private String pseudonym;

    @Override
    public Integer call() throws IOException {
        final List<String> there = StreamFiles.names(data);
        if (!there.contains(stream)) {
            throw new ParameterException(
                    spec.commandLine(),
                    there.isEmpty()
                            ? "--data: found " + data + ", which has no streams, allowed a data directory"
                            : "--stream: found '" + stream + "', allowed " + String.join(", ", there));
        }
        if (top < 1) {
            throw new ParameterException(spec.commandLine(), "--top: found " + top + ", allowed 1 and more");
        }
        final List<LocalDate> days = DisclosureFiles.days(data, stream);
        final LocalDate chosen = chosenDay(days);
        final List<DisclosureTable.Row> rows = new ArrayList<>();
        long untracked = 0;
        long aggregates = 0;
        double epsilon = 0;
        if (chosen != null) {
            for (final MutableDirectBuffer table : DisclosureFiles.read(data, stream, chosen)) {
                rows.addAll(DisclosureTable.rows(table));
                untracked += DisclosureTable.untracked(table);
                aggregates += DisclosureTable.aggregates(table);
                epsilon += DisclosureTable.aggregateEpsilon(table);
            }
        }
        print(chosen, rows, remarks(untracked, aggregates, epsilon));
        if (!rows.isEmpty()) {
            printRows(rows);
        }
        spec.commandLine().getOut().flush();
        return Exit.OK;
    }

    private LocalDate chosenDay(final List<LocalDate> days) {
        if (day == null) {
            return days.isEmpty() ? null : days.get(days.size() - 1);
        }
        LocalDate asked = null;
        try {
            asked = LocalDate.parse(day);
        } catch (final DateTimeParseException e) {
            asked = null; // Refused below, as a day without an account is.
        }
        if (asked == null || !days.contains(asked)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--day: found " + day + ", allowed "
                            + (days.isEmpty()
                                    ? "none: there is no account of stream " + stream + " yet"
                                    : String.join(
                                            ", ",
                                            days.stream()
                                                    .map(LocalDate::toString)
                                                    .toList())));
        }
        return asked;
    }

    private static String remarks(final long untracked, final long aggregates, final double epsilon) {
        final StringBuilder remarks = new StringBuilder();
        if (untracked > 0) {
            remarks.append(String.format(Locale.ROOT, "; %,d records of devices beyond them", untracked));
        }
        if (aggregates > 0) {
            remarks.append(String.format(
                    Locale.ROOT,
                    "; %,d counts of many, which cost each device epsilon %.4g at most",
                    aggregates,
                    epsilon));
        }
        return remarks.toString();
    }

    private void print(final LocalDate chosen, final List<DisclosureTable.Row> rows, final String remarks) {
        final PrintWriter out = spec.commandLine().getOut();
        if (chosen == null) {
            out.printf("stream %s: nothing has left yet%n", stream);
        } else {
            out.printf(Locale.ROOT, "stream %s, %s: %,d devices%s%n", stream, chosen, rows.size(), remarks);
        }
    }

    private void printRows(final List<DisclosureTable.Row> rows) {
        final PrintWriter out = spec.commandLine().getOut();
        final List<DisclosureTable.Row> shown = new ArrayList<>(rows);
        if (pseudonym != null) {
            final long wanted = wantedPseudonym();
            shown.removeIf(row -> row.longestPseudonym() != wanted);
        }
        shown.sort(Comparator.comparingLong(DisclosureTable.Row::longestLinkedMs)
                .thenComparingLong(DisclosureTable.Row::mostLinkedRecords)
                .reversed());
        out.printf(
                "%-16s  %10s  %14s  %12s  %10s  %14s  %10s%n",
                "pseudonym", "records", "linked for (s)", "linked most", "crowd >=", "from a stop (m)", "epsilon");
        for (final DisclosureTable.Row row : shown.subList(0, Math.min(top, shown.size()))) {
            out.printf(
                    Locale.ROOT,
                    "%-16s  %10d  %14.1f  %12d  %10s  %14s  %10s%n",
                    row.longestPseudonym() == 0 ? "-" : HexFormat.of().toHexDigits(row.longestPseudonym()),
                    row.records(),
                    row.longestLinkedMs() / 1e3,
                    row.mostLinkedRecords(),
                    row.smallestCrowd() == DisclosureTable.NOT_SAID ? "-" : Integer.toString(row.smallestCrowd()),
                    row.nearestStopCm() == DisclosureTable.NOT_SAID ? "-" : Integer.toString(row.nearestStopCm() / 100),
                    row.epsilon() == 0 ? "-" : String.format(Locale.ROOT, "%.4g", row.epsilon()));
        }
    }

    private long wantedPseudonym() {
        try {
            return Long.parseUnsignedLong(pseudonym, 16);
        } catch (final NumberFormatException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--device-pseudonym: found '" + pseudonym + "', allowed up to 16 hexadecimal digits",
                    e);
        }
    }
}
