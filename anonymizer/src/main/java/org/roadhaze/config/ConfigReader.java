// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads the files of one configuration and gathers what is wrong with them. See the package for how it is used.
 *
 * <p>Not thread safe; made for one reading and then forgotten.
 */
public final class ConfigReader {
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final List<ConfigProblem> warnings = new ArrayList<>();
    private final Map<String, ConfigMap> maps = new LinkedHashMap<>();

    /**
     * Reads a file.
     *
     * @param file a YAML file in UTF-8 whose root is a mapping.
     * @return its root; when the file cannot be read or is no YAML, a map that has nothing and complains of nothing more.
     */
    public ConfigMap read(final Path file) {
        final byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (final NoSuchFileException e) {
            return fail(file, "no such file", "a file that can be read");
        } catch (final AccessDeniedException e) {
            return fail(file, "a file that may not be read (permission denied)", "a file that can be read");
        } catch (final IOException e) {
            return fail(
                    file,
                    Files.isDirectory(file) ? "a directory" : "that " + e.getMessage(),
                    "a file that can be read");
        }
        try {
            return parse(
                    file,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (final CharacterCodingException e) {
            return fail(file, "bytes that are no UTF-8", "YAML in UTF-8");
        }
    }

    /**
     * Reads a text as if it stood in a file.
     *
     * @param file what to call it, and what paths in it are relative to.
     * @param yaml the text.
     * @return its root, see {@link #read}.
     */
    public ConfigMap parse(final Path file, final String yaml) {
        final Optional<Node> root;
        try {
            final LoadSettings settings = LoadSettings.builder()
                    .setLabel(file.toString())
                    .setUseMarks(true)
                    .build();
            root = new Compose(settings).composeString(yaml);
        } catch (final MarkedYamlEngineException e) {
            final Optional<Mark> mark = e.getProblemMark();
            problems.add(new ConfigProblem(
                    file.toString(),
                    mark.map(Mark::getLine).orElse(-1) + 1,
                    mark.map(Mark::getColumn).orElse(-1) + 1,
                    "",
                    "is not YAML: " + oneLine(e.getProblem() == null ? e.getContext() : e.getProblem()),
                    ""));
            return ConfigMap.broken(this, file);
        } catch (final YamlEngineException e) {
            return fail(file, oneLine(e.getMessage()), "YAML");
        }
        if (root.isEmpty()) {
            return fail(file, "an empty file", "a mapping of keys to values");
        }
        refuseDuplicateKeys(file, "", root.get(), Collections.newSetFromMap(new IdentityHashMap<>()));
        return new ConfigNode(this, file, "", root.get()).map();
    }

    /**
     * Ends the reading: what was read may be used when this returns.
     *
     * @throws ConfigException when anything is wrong, with everything that is.
     */
    public void finish() {
        for (final ConfigMap map : maps.values()) {
            map.refuseUnknownKeys();
        }
        maps.clear();
        if (!problems.isEmpty()) {
            problems.sort(Comparator.comparing(ConfigProblem::file)
                    .thenComparingInt(ConfigProblem::line)
                    .thenComparingInt(ConfigProblem::column));
            throw new ConfigException(problems);
        }
    }

    /**
     * How many problems were noted so far: whoever judges several values together does so only when none of them was
     * already refused.
     *
     * @return the count.
     */
    public int problemCount() {
        return problems.size();
    }

    /**
     * What is allowed and yet doubtful.
     *
     * @return in the order in which it was noted.
     */
    public List<ConfigProblem> warnings() {
        return List.copyOf(warnings);
    }

    void addProblem(final ConfigProblem problem) {
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    void addWarning(final ConfigProblem warning) {
        warnings.add(warning);
    }

    /** The same mapping read twice is one, so that what one reading asked for is known to the other. */
    ConfigMap map(final ConfigNode at, final MappingNode mapping) {
        return maps.computeIfAbsent(at.file() + "\n" + at.path(), place -> new ConfigMap(this, at, mapping));
    }

    private ConfigMap fail(final Path file, final String found, final String allowed) {
        problems.add(new ConfigProblem(file.toString(), 0, 0, "", found, allowed));
        return ConfigMap.broken(this, file);
    }

    private static String oneLine(final String text) {
        return text == null ? "unknown error" : text.replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }

    private void refuseDuplicateKeys(final Path file, final String path, final Node node, final Set<Node> seen) {
        if (!seen.add(node)) {
            return;
        }
        if (node instanceof SequenceNode sequence) {
            int index = 0;
            for (final Node item : sequence.getValue()) {
                refuseDuplicateKeys(file, path + "[" + index++ + "]", item, seen);
            }
        } else if (node instanceof MappingNode mapping) {
            final Map<String, Integer> lines = new HashMap<>();
            for (final NodeTuple tuple : mapping.getValue()) {
                if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                    new ConfigNode(this, file, path, tuple.getKeyNode())
                            .problem("a key that is no text", "a plain key");
                    continue;
                }
                final String name = key.getValue();
                final String keyPath = path.isEmpty() ? name : path + "." + name;
                final int line = key.getStartMark().map(Mark::getLine).orElse(-1) + 1;
                final Integer first = lines.putIfAbsent(name, line);
                if (first != null) {
                    new ConfigNode(this, file, keyPath, key)
                            .problem("the key again", "once: it stands in line " + first);
                }
                refuseDuplicateKeys(file, keyPath, tuple.getValueNode(), seen);
            }
        }
    }
}
