// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Reads files of one JSON object a line; a line that begins with {@code #} is a remark. */
final class JsonLines {
    private JsonLines() {}

    static List<Map<String, Object>> read(final Path file) {
        try {
            return parse(Files.readAllLines(file, StandardCharsets.UTF_8), file);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Map<String, Object>> parse(final List<String> lines, final Path file) {
        final LoadSettings settings = LoadSettings.builder()
                .setLabel(file.toString())
                .setCodePointLimit(1 << 28)
                .build();
        final List<Map<String, Object>> objects = new ArrayList<>();
        for (final String line : lines) {
            if (!line.isBlank() && !line.startsWith("#")) {
                @SuppressWarnings("unchecked") // A line that is no object fails at its first use, naming the type.
                final Map<String, Object> object = (Map<String, Object>) new Load(settings).loadFromString(line);
                objects.add(object);
            }
        }
        return objects;
    }
}
