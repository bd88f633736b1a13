// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * A mapping of a configuration: typed values by key.
 *
 * <p>A getter with a default makes its key optional; one without notes a problem when the key is missing. Asking for a
 * key makes it known; keys that nobody asked for are refused by {@link ConfigReader#finish()}. The getters read as their
 * namesakes of {@link ConfigNode}. Not thread safe.
 */
public final class ConfigMap {
    private final ConfigReader reader;
    private final Path file;
    private final ConfigNode self;
    private final Map<String, ConfigNode> values = new LinkedHashMap<>();
    private final Map<String, ConfigNode> keys = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();
    private boolean othersAllowed;

    ConfigMap(final ConfigReader reader, final ConfigNode self, final MappingNode mapping) {
        this.reader = reader;
        this.file = self.file();
        this.self = self;
        for (final NodeTuple tuple : mapping.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key) {
                final String path = pathOf(key.getValue());
                keys.put(key.getValue(), new ConfigNode(reader, file, path, key));
                values.put(key.getValue(), new ConfigNode(reader, file, path, tuple.getValueNode()));
            }
        }
    }

    private ConfigMap(final ConfigReader reader, final Path file) {
        this.reader = reader;
        this.file = file;
        this.self = null;
    }

    /** What stands for a mapping that could not be read: empty, and silent about it since that was noted already. */
    static ConfigMap broken(final ConfigReader reader, final Path file) {
        return new ConfigMap(reader, file);
    }

    public ConfigReader reader() {
        return reader;
    }

    public Path file() {
        return file;
    }

    /**
     * Whether this stands for a mapping that could not be read; the problem is noted.
     *
     * @return true when there is nothing to be read here.
     */
    public boolean isBroken() {
        return self == null;
    }

    /**
     * Whether a key stands here; asking makes it known.
     *
     * @param key the key.
     * @return true when it does, even without a value.
     */
    public boolean has(final String key) {
        known.add(key);
        return values.containsKey(key);
    }

    /**
     * The keys that stand here, in the order of the file; all are known from now on. For mappings whose keys are names
     * that the writer chose.
     *
     * @return the keys.
     */
    public Set<String> names() {
        known.addAll(values.keySet());
        return Collections.unmodifiableSet(values.keySet());
    }

    /** Lets keys stand that nobody asks for: another reader of the same file does. */
    public void allowOthers() {
        othersAllowed = true;
    }

    /**
     * The value of a key that must stand here.
     *
     * @param key     the key.
     * @param allowed what its value may be, for the message when it is missing.
     * @return the value, or nothing after a problem.
     */
    public Optional<ConfigNode> required(final String key, final String allowed) {
        if (!has(key) && self != null) {
            reader.addProblem(missing(key, allowed));
        }
        return Optional.ofNullable(values.get(key));
    }

    /**
     * The value of a key that need not stand here.
     *
     * @param key the key.
     * @return the value, if any.
     */
    public Optional<ConfigNode> optional(final String key) {
        known.add(key);
        return Optional.ofNullable(values.get(key));
    }

    public String text(final String key) {
        return required(key, "a text").map(ConfigNode::text).orElse("");
    }

    public String text(final String key, final String byDefault) {
        return optional(key).map(ConfigNode::text).orElse(byDefault);
    }

    public boolean bool(final String key, final boolean byDefault) {
        return optional(key).map(ConfigNode::bool).orElse(byDefault);
    }

    public int integer(final String key, final int least, final int most) {
        return required(key, least + " to " + most)
                .map(value -> value.integer(least, most))
                .orElse(least);
    }

    public int integer(final String key, final int least, final int most, final int byDefault) {
        return optional(key).map(value -> value.integer(least, most)).orElse(byDefault);
    }

    public Duration duration(final String key, final Duration least, final Duration most) {
        return required(key, Unit.DURATION.allowed())
                .map(value -> value.duration(least, most))
                .orElse(least);
    }

    public Duration duration(final String key, final Duration least, final Duration most, final Duration byDefault) {
        return optional(key).map(value -> value.duration(least, most)).orElse(byDefault);
    }

    public double metres(final String key, final double leastMetres, final double mostMetres) {
        return required(key, Unit.DISTANCE.allowed())
                .map(value -> value.metres(leastMetres, mostMetres))
                .orElse(leastMetres);
    }

    public double metres(
            final String key, final double leastMetres, final double mostMetres, final double metresByDefault) {
        return optional(key).map(value -> value.metres(leastMetres, mostMetres)).orElse(metresByDefault);
    }

    public double percent(final String key, final double leastPercent, final double mostPercent) {
        return required(key, Unit.PERCENTAGE.allowed())
                .map(value -> value.percent(leastPercent, mostPercent))
                .orElse(leastPercent);
    }

    public double perMetre(final String key, final double leastPerMetre, final double mostPerMetre) {
        return required(key, Unit.PER_METRE.allowed())
                .map(value -> value.perMetre(leastPerMetre, mostPerMetre))
                .orElse(leastPerMetre);
    }

    public double percent(
            final String key, final double leastPercent, final double mostPercent, final double percentByDefault) {
        return optional(key)
                .map(value -> value.percent(leastPercent, mostPercent))
                .orElse(percentByDefault);
    }

    public double bits(final String key, final double leastBits, final double mostBits, final double bitsByDefault) {
        return optional(key).map(value -> value.bits(leastBits, mostBits)).orElse(bitsByDefault);
    }

    public DurationRange durationRange(
            final String key, final Duration least, final Duration most, final DurationRange byDefault) {
        return optional(key)
                .map(value -> DurationRange.read(value, least, most))
                .orElse(byDefault);
    }

    public long bytes(final String key, final long leastBytes, final long mostBytes, final long bytesByDefault) {
        return optional(key).map(value -> value.bytes(leastBytes, mostBytes)).orElse(bytesByDefault);
    }

    public <E extends Enum<E>> E choice(final String key, final Class<E> type) {
        return required(key, wordsOf(type)).map(value -> value.choice(type)).orElse(type.getEnumConstants()[0]);
    }

    public <E extends Enum<E>> E choice(final String key, final Class<E> type, final E byDefault) {
        return optional(key).map(value -> value.choice(type)).orElse(byDefault);
    }

    public HostPort hostPort(final String key) {
        return required(key, HostPort.ALLOWED).map(ConfigNode::hostPort).orElse(new HostPort("localhost", 0));
    }

    public HostPort hostPort(final String key, final HostPort byDefault) {
        return optional(key).map(ConfigNode::hostPort).orElse(byDefault);
    }

    public ZoneOffset utcOffset(final String key, final ZoneOffset byDefault) {
        return optional(key).map(ConfigNode::utcOffset).orElse(byDefault);
    }

    /**
     * A path, relative to the directory of the file that names it.
     *
     * @param key the key.
     * @return the path, resolved but not looked at; the file itself after a problem.
     */
    public Path path(final String key) {
        return required(key, "a path, relative to this file")
                .map(ConfigNode::filePath)
                .orElse(file);
    }

    /**
     * A list of texts.
     *
     * @param key the key.
     * @return the texts, none when the key is missing.
     */
    public List<String> texts(final String key) {
        final List<String> texts = new ArrayList<>();
        for (final ConfigNode item : list(key)) {
            texts.add(item.text());
        }
        return texts;
    }

    /**
     * A list.
     *
     * @param key the key.
     * @return the items, none when the key is missing.
     */
    public List<ConfigNode> list(final String key) {
        return optional(key).map(ConfigNode::list).orElse(List.of());
    }

    /**
     * A list of mappings.
     *
     * @param key the key.
     * @return the mappings, none when the key is missing.
     */
    public List<ConfigMap> maps(final String key) {
        final List<ConfigMap> maps = new ArrayList<>();
        for (final ConfigNode item : list(key)) {
            maps.add(item.map());
        }
        return maps;
    }

    /**
     * A mapping that must stand here.
     *
     * @param key the key.
     * @return the mapping; after a problem one that has nothing and complains of nothing more.
     */
    public ConfigMap map(final String key) {
        return required(key, "a mapping of keys to values").map(ConfigNode::map).orElseGet(() -> broken(reader, file));
    }

    /**
     * A mapping that need not stand here; without it every getter of the result gives its default.
     *
     * @param key the key.
     * @return the mapping, or one that has nothing and complains of nothing.
     */
    public ConfigMap mapOrEmpty(final String key) {
        return optional(key).map(ConfigNode::map).orElseGet(() -> broken(reader, file));
    }

    /**
     * Notes a problem of this mapping as a whole.
     *
     * @param sentence what is wrong.
     */
    public void problem(final String sentence) {
        if (self != null) {
            self.problem(sentence, "");
        }
    }

    /**
     * Notes a problem of a key's name, for mappings whose keys are names that the writer chose.
     *
     * @param key     the key, which stands here.
     * @param found   what is wrong with it.
     * @param allowed what would be right.
     */
    public void keyProblem(final String key, final String found, final String allowed) {
        keys.get(key).problem(found, allowed);
    }

    void refuseUnknownKeys() {
        if (othersAllowed) {
            return;
        }
        for (final Map.Entry<String, ConfigNode> key : keys.entrySet()) {
            if (!known.contains(key.getKey())) {
                key.getValue()
                        .problem(
                                "a key that is not known here",
                                known.isEmpty() ? "none" : ConfigNode.oneOf(key.getKey(), known));
            }
        }
    }

    private ConfigProblem missing(final String key, final String allowed) {
        final ConfigProblem place = self.at("nothing", allowed);
        return new ConfigProblem(place.file(), place.line(), place.column(), pathOf(key), place.found(), allowed);
    }

    private String pathOf(final String key) {
        return self == null || self.path().isEmpty() ? key : self.path() + "." + key;
    }

    private static <E extends Enum<E>> String wordsOf(final Class<E> type) {
        final List<String> words = new ArrayList<>();
        for (final E constant : type.getEnumConstants()) {
            words.add(ConfigNode.word(constant));
        }
        return String.join(", ", words);
    }
}
