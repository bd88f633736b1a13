// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.config;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One value of a configuration together with its place in the file.
 *
 * <p>The typed readings note a problem when the value is not what they want, and then return a value within the allowed
 * range. Not thread safe.
 */
public final class ConfigNode {
    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]{1,18}");
    private static final int LONGEST_QUOTE = 60;

    private final ConfigReader reader;
    private final Path file;
    private final String path;
    private final Node node;

    ConfigNode(final ConfigReader reader, final Path file, final String path, final Node node) {
        this.reader = reader;
        this.file = file;
        this.path = path;
        this.node = node;
    }

    /**
     * The key with its parents.
     *
     * @return such as {@code streams.traffic.location[0].cell.h3}.
     */
    public String path() {
        return path;
    }

    public Path file() {
        return file;
    }

    /**
     * Whether this is a single word, number or text.
     *
     * @return false for mappings, lists and nothing.
     */
    public boolean isScalar() {
        return node instanceof ScalarNode && !isNothing();
    }

    public boolean isMap() {
        return node instanceof MappingNode;
    }

    public boolean isList() {
        return node instanceof SequenceNode;
    }

    /**
     * Whether the key stands there without a value.
     *
     * @return true for an empty value, {@code ~} and {@code null}.
     */
    public boolean isNothing() {
        return Tag.NULL.equals(node.getTag());
    }

    /**
     * Whether this is exactly that word.
     *
     * @param word such as {@code none} or {@code exact}.
     * @return true when it is.
     */
    public boolean isWord(final String word) {
        return isScalar() && word.equals(scalar());
    }

    /**
     * A text of at least one character that is not blank. Numbers and dates are taken as they were written.
     *
     * @return the text.
     */
    public String text() {
        if (!isScalar() || scalar().isBlank()) {
            problem("a text");
            return "";
        }
        return scalar();
    }

    /**
     * {@code true} or {@code false}.
     *
     * @return the value, false after a problem.
     */
    public boolean bool() {
        final boolean yes = isPlain("true");
        if (!yes && !isPlain("false")) {
            problem("true or false");
        }
        return yes;
    }

    /**
     * A whole number.
     *
     * @param least the smallest allowed.
     * @param most  the largest allowed.
     * @return the number, {@code least} after a problem.
     */
    public int integer(final int least, final int most) {
        final String text = plain();
        if (INTEGER.matcher(text).matches()) {
            final long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return (int) value;
            }
        }
        problem(range(Integer.toString(least), Integer.toString(most)));
        return least;
    }

    /**
     * A duration with its unit: {@code ms}, {@code s}, {@code min}, {@code h}, {@code d}; to the millisecond.
     *
     * @param least the shortest allowed.
     * @param most  the longest allowed.
     * @return the duration, {@code least} after a problem.
     */
    public Duration duration(final Duration least, final Duration most) {
        return Duration.ofMillis(
                quantity(Unit.DURATION, BigDecimal.valueOf(least.toMillis()), BigDecimal.valueOf(most.toMillis()), true)
                        .longValueExact());
    }

    /**
     * A distance with its unit: {@code m} or {@code km}.
     *
     * @param leastMetres the shortest allowed.
     * @param mostMetres  the longest allowed.
     * @return metres, {@code leastMetres} after a problem.
     */
    public double metres(final double leastMetres, final double mostMetres) {
        return quantity(Unit.DISTANCE, BigDecimal.valueOf(leastMetres), BigDecimal.valueOf(mostMetres), false)
                .doubleValue();
    }

    /** A number per metre with its unit, {@code /m}, in a range; the least of it after a problem. */
    public double perMetre(final double leastPerMetre, final double mostPerMetre) {
        return quantity(Unit.PER_METRE, BigDecimal.valueOf(leastPerMetre), BigDecimal.valueOf(mostPerMetre), false)
                .doubleValue();
    }

    /**
     * A percentage with its sign.
     *
     * @param leastPercent the smallest allowed.
     * @param mostPercent  the largest allowed.
     * @return per cent, {@code leastPercent} after a problem.
     */
    public double percent(final double leastPercent, final double mostPercent) {
        return quantity(Unit.PERCENTAGE, BigDecimal.valueOf(leastPercent), BigDecimal.valueOf(mostPercent), false)
                .doubleValue();
    }

    /**
     * An amount of information in {@code bit}.
     *
     * @param leastBits the least allowed.
     * @param mostBits  the most allowed.
     * @return bits, {@code leastBits} after a problem.
     */
    public double bits(final double leastBits, final double mostBits) {
        return quantity(Unit.INFORMATION, BigDecimal.valueOf(leastBits), BigDecimal.valueOf(mostBits), false)
                .doubleValue();
    }

    /**
     * A number of bytes with its unit: {@code B}, {@code KiB}, {@code MiB}, {@code GiB}.
     *
     * @param leastBytes the fewest allowed.
     * @param mostBytes  the most allowed.
     * @return bytes, {@code leastBytes} after a problem.
     */
    public long bytes(final long leastBytes, final long mostBytes) {
        return quantity(Unit.SIZE, BigDecimal.valueOf(leastBytes), BigDecimal.valueOf(mostBytes), true)
                .longValueExact();
    }

    /**
     * One of some words: the names of an enum in lower case, with hyphens.
     *
     * @param type the enum.
     * @param <E>  its type.
     * @return the constant, the first one after a problem.
     */
    public <E extends Enum<E>> E choice(final Class<E> type) {
        final List<String> words = new ArrayList<>();
        for (final E constant : type.getEnumConstants()) {
            final String word = word(constant);
            if (isWord(word)) {
                return constant;
            }
            words.add(word);
        }
        problem(oneOf(isScalar() ? scalar() : "", words));
        return type.getEnumConstants()[0];
    }

    /**
     * A host and a port.
     *
     * @return the pair, {@code localhost:0} after a problem.
     */
    public HostPort hostPort() {
        final HostPort hostPort = isScalar() ? HostPort.parse(scalar()) : null;
        if (hostPort == null) {
            problem(HostPort.ALLOWED);
            return new HostPort("localhost", 0);
        }
        return hostPort;
    }

    /**
     * A time zone as an offset from UTC.
     *
     * @return the offset, UTC after a problem.
     */
    public ZoneOffset utcOffset() {
        final ZoneOffset offset = isScalar() ? UtcOffset.parse(scalar()) : null;
        if (offset == null) {
            problem(UtcOffset.ALLOWED);
            return ZoneOffset.UTC;
        }
        return offset;
    }

    /**
     * A path, which is relative to the directory of the file that names it.
     *
     * @return the path, resolved but not looked at.
     */
    public Path filePath() {
        return file.resolveSibling(text());
    }

    /**
     * The mapping that stands here.
     *
     * @return the mapping; after a problem one that has nothing and complains of nothing more.
     */
    public ConfigMap map() {
        if (node instanceof MappingNode mapping) {
            return reader.map(this, mapping);
        }
        problem("a mapping of keys to values");
        return ConfigMap.broken(reader, file);
    }

    /**
     * What stands for a mapping where a word alone is enough.
     *
     * @return a mapping that has nothing and complains of nothing.
     */
    public ConfigMap emptyMap() {
        return ConfigMap.broken(reader, file);
    }

    /**
     * The list that stands here.
     *
     * @return its items, none after a problem.
     */
    public List<ConfigNode> list() {
        final List<ConfigNode> items = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            for (final Node item : sequence.getValue()) {
                items.add(new ConfigNode(reader, file, path + "[" + items.size() + "]", item));
            }
        } else {
            problem("a list");
        }
        return items;
    }

    /**
     * Notes that this value is wrong.
     *
     * @param allowed what would be right.
     */
    public void problem(final String allowed) {
        problem(found(), allowed);
    }

    /**
     * Notes that this value is wrong, in words of the caller.
     *
     * @param found   what stands here.
     * @param allowed what would be right; empty when {@code found} is a whole sentence.
     */
    public void problem(final String found, final String allowed) {
        reader.addProblem(at(found, allowed));
    }

    /**
     * Notes that this value is allowed and yet doubtful.
     *
     * @param sentence what to think about.
     */
    public void warning(final String sentence) {
        reader.addWarning(at(sentence, ""));
    }

    /**
     * The text of the file with another value in place of this one.
     *
     * @param yaml the text that was read.
     * @param value what is to stand here, as it is to be written.
     * @return the text, otherwise unchanged.
     * @throws IllegalStateException when this did not come from a text.
     */
    public String replacedIn(final String yaml, final String value) {
        final Mark start = node.getStartMark().orElseThrow(() -> new IllegalStateException(path + " has no place"));
        final Mark end = node.getEndMark().orElseThrow(() -> new IllegalStateException(path + " has no end"));
        return yaml.substring(0, yaml.offsetByCodePoints(0, start.getIndex()))
                + value
                + yaml.substring(yaml.offsetByCodePoints(0, end.getIndex()));
    }

    ConfigProblem at(final String found, final String allowed) {
        final int line = node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
        final int column = node.getStartMark().map(Mark::getColumn).orElse(-1) + 1;
        return new ConfigProblem(file.toString(), line, column, path, found, allowed);
    }

    /**
     * The word by which a configuration names a constant.
     *
     * @param constant the constant.
     * @return its name in lower case, with hyphens.
     */
    public static String word(final Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * What to say of a word that is not one of some.
     *
     * @param word    what was written.
     * @param allowed what may be written.
     * @return the words, and which of them was probably meant.
     */
    public static String oneOf(final String word, final Collection<String> allowed) {
        return String.join(", ", allowed) + Spelling.suggestion(word, allowed);
    }

    private BigDecimal quantity(
            final Unit unit, final BigDecimal least, final BigDecimal most, final boolean mustBeWhole) {
        final BigDecimal value = unit.parse(plain());
        if (value == null || (mustBeWhole && value.stripTrailingZeros().scale() > 0)) {
            problem(unit.allowed());
        } else if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            problem(range(unit.render(least), unit.render(most)));
        } else {
            return value;
        }
        return least;
    }

    static String range(final String least, final String most) {
        return least + " to " + most;
    }

    private String found() {
        if (isNothing()) {
            return "nothing";
        }
        if (node instanceof MappingNode) {
            return "a mapping";
        }
        if (node instanceof SequenceNode) {
            return "a list";
        }
        final String text = scalar();
        final String quote = text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "..." : text;
        return ((ScalarNode) node).isPlain() ? quote : "the text \"" + quote + "\"";
    }

    private String scalar() {
        return ((ScalarNode) node).getValue();
    }

    /** What a scalar without quotes says: a quoted number is a text, and a number is never taken from a text. */
    String plain() {
        return isScalar() && ((ScalarNode) node).isPlain() ? scalar() : "";
    }

    private boolean isPlain(final String word) {
        return word.equals(plain());
    }
}
