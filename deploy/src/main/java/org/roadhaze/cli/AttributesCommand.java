// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.roadhaze.position.Attribute;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists what {@code attributes: { keep: [...] }} of a policy may name. */
@Command(
        name = "attributes",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the attributes that a policy's keep may name: name, unit, what it can give away, and how it may leave.",
            "Besides them there are a device's own I/O elements without a name here: io<NUMBER>, raw."
        })
public final class AttributesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        final PrintWriter out = spec.commandLine().getOut();
        out.printf("%-20s %-6s %-12s %s%n", "name", "unit", "kind", "may leave");
        Arrays.stream(Attribute.values())
                .sorted(Comparator.comparing(Attribute::kind).thenComparing(Attribute::label))
                .forEach(attribute -> out.printf(
                        "%-20s %-6s %-12s %s%n",
                        attribute.label(),
                        attribute.unit().isEmpty() ? "-" : attribute.unit(),
                        attribute.kind().name().toLowerCase(Locale.ROOT),
                        rule(attribute.kind())));
        out.flush();
        return Exit.OK;
    }

    private static String rule(final Attribute.Kind kind) {
        return switch (kind) {
            case IDENTIFYING -> "never";
            case AGGREGATE -> "in aggregates only";
            case MONOTONE -> "in a bucket only";
            case MOTION, STATUS, DERIVED -> "yes";
        };
    }
}
