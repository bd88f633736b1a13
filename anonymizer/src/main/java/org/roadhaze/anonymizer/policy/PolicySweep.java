// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.roadhaze.config.ConfigException;
import org.roadhaze.config.ConfigMap;
import org.roadhaze.config.ConfigNode;
import org.roadhaze.config.ConfigReader;

/**
 * One stream of a policy with one of its parameters varied at a time, to show what it trades. Parameters are the quantities that
 * the policy's file writes under {@code identity}, {@code location} and {@code time}: a quarter, half, twice and four times
 * of each; of a level of H3 or S2 cells, one and two levels coarser and finer. Lists, such as a ladder, and what the file
 * leaves to its default stay as they are, and so do attributes, which say nothing of where and when.
 */
public final class PolicySweep {
    private static final List<String> SECTIONS = List.of("identity", "location", "time");
    private static final Pattern QUANTITY = Pattern.compile("([0-9]+(?:\\.[0-9]+)?(?:[eE]-?[0-9]+)?)([A-Za-z%/]*)");
    private static final Pattern RANGE = Pattern.compile("(.+)\\.\\.(.+)");
    private static final Pattern STEP = Pattern.compile("^location\\[[0-9]+\\]\\.");
    private static final Pattern LEVEL = Pattern.compile(".*\\.(h3|s2)");
    private static final List<Integer> LEVELS = List.of(-2, -1, 0, 1, 2);
    private static final List<BigDecimal> FACTORS = List.of(
            new BigDecimal("0.25"),
            new BigDecimal("0.5"),
            BigDecimal.ONE,
            BigDecimal.valueOf(2),
            BigDecimal.valueOf(4));

    private final Path file;
    private final String yaml;
    private final String stream;

    private PolicySweep(final Path file, final String yaml, final String stream) {
        this.file = file;
        this.yaml = yaml;
        this.stream = stream;
    }

    /**
     * The stream with one value of one parameter.
     *
     * @param parameter such as {@code trip-ends.trim}.
     * @param value     as the file would write it.
     * @param isOwn     whether it is the policy's own value.
     * @param policy    the stream with it.
     */
    public record Variant(String parameter, String value, boolean isOwn, StreamPolicy policy) {}

    /**
     * The variants of a stream.
     *
     * @param file   of a policy that was read without a problem.
     * @param stream the name of a stream in this very file, not in one that it points to.
     * @return by parameter in the order of the file, then by value, ascending; the own value among them; what no policy may say,
     *     alone or beside the rest, is left out, and a parameter of which nothing else is left. Empty when the stream is not there.
     * @throws IOException when the file cannot be read.
     */
    public static List<Variant> of(final Path file, final String stream) throws IOException {
        return new PolicySweep(file, Files.readString(file), stream).variants();
    }

    private List<Variant> variants() {
        final List<ConfigNode> parameters = new ArrayList<>();
        final ConfigMap root = new ConfigReader().parse(file, yaml);
        final Optional<ConfigMap> found = root.optional("streams")
                .filter(ConfigNode::isMap)
                .flatMap(streams -> streams.map().optional(stream))
                .filter(ConfigNode::isMap)
                .map(ConfigNode::map);
        found.ifPresent(
                map -> SECTIONS.forEach(section -> map.optional(section).ifPresent(node -> collect(node, parameters))));
        final List<Variant> variants = new ArrayList<>();
        for (final ConfigNode parameter : parameters) {
            final List<Variant> ofOne = variants(parameter);
            if (ofOne.size() > 1) {
                variants.addAll(ofOne);
            }
        }
        return variants;
    }

    private static void collect(final ConfigNode node, final List<ConfigNode> parameters) {
        if (node.isMap()) {
            final ConfigMap map = node.map();
            map.names().forEach(name -> map.optional(name).ifPresent(value -> collect(value, parameters)));
        } else if (node.isList()) {
            node.list().stream().filter(ConfigNode::isMap).forEach(item -> collect(item, parameters));
        } else if (node.isScalar() && scaled(node.text(), BigDecimal.ONE) != null) {
            parameters.add(node);
        }
    }

    private List<Variant> variants(final ConfigNode parameter) {
        final String prefix = "streams." + stream + ".";
        final String own = parameter.text();
        final String name =
                STEP.matcher(parameter.path().substring(prefix.length())).replaceFirst("");
        final List<Variant> variants = new ArrayList<>();
        for (final String value : values(name, own)) {
            policy(parameter.replacedIn(yaml, value))
                    .ifPresent(policy -> variants.add(new Variant(name, value, value.equals(own), policy)));
        }
        return variants;
    }

    private static Set<String> values(final String name, final String own) {
        final Set<String> values = new LinkedHashSet<>();
        if (LEVEL.matcher(name).matches() && own.matches("[0-9]{1,2}")) {
            LEVELS.forEach(levels -> values.add(Integer.toString(Integer.parseInt(own) + levels)));
        } else {
            FACTORS.forEach(factor -> values.add(factor.compareTo(BigDecimal.ONE) == 0 ? own : scaled(own, factor)));
        }
        return values;
    }

    /** A quantity or a range of two, times a factor; null when it is neither. */
    private static String scaled(final String text, final BigDecimal factor) {
        final Matcher range = RANGE.matcher(text);
        if (range.matches()) {
            final String least = scaled(range.group(1), factor);
            final String most = scaled(range.group(2), factor);
            return least == null || most == null ? null : least + ".." + most;
        }
        final Matcher quantity = QUANTITY.matcher(text);
        if (!quantity.matches()) {
            return null;
        }
        final BigDecimal value =
                new BigDecimal(quantity.group(1)).multiply(factor).stripTrailingZeros();
        return value.toPlainString() + quantity.group(2);
    }

    private Optional<StreamPolicy> policy(final String text) {
        final ConfigReader reader = new ConfigReader();
        try {
            final Policy policy = PolicyReader.read(reader.parse(file, text));
            reader.finish();
            return Optional.of(policy.stream(stream));
        } catch (final ConfigException e) {
            return Optional.empty();
        }
    }
}
