// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.roadhaze.reader.StreamReader;

/** An engine as its configuration makes it, on free ports, with one stream that lets every valid fix out as it is. */
final class EngineHarness implements AutoCloseable {
    private static final String POLICY = """
            policy: { version: test }
            streams:
              all:
                retention: 1d
                identity: none
                location: [ exact ]
                time: exact
            """;

    final Engine engine;

    private EngineHarness(final Engine engine) {
        this.engine = engine;
    }

    /**
     * Starts an engine.
     *
     * @param directory where configuration and data go.
     * @param listeners the keys of each listener, without an address.
     */
    static EngineHarness start(final Path directory, final String... listeners) throws IOException {
        final StringBuilder yaml = new StringBuilder("data: data\nack: persisted\nlisteners:\n");
        for (final String listener : listeners) {
            yaml.append("  - { ").append(listener).append(", address: 127.0.0.1:0 }\n");
        }
        final Path file = Files.writeString(directory.resolve("engine.yaml"), yaml + POLICY);
        return new EngineHarness(Engine.start(EngineConfig.read(file)));
    }

    /** Where a listener listens, by its place in the configuration. */
    InetSocketAddress address(final int listener) {
        return engine.listening().get(listener).address();
    }

    /** The times of all fixes that left, in their order. */
    List<Long> publishedTimesMs() {
        final List<Long> times = new ArrayList<>();
        try (StreamReader reader = StreamReader.open(engine.data(), "all")) {
            while (reader.next()) {
                times.add(reader.timeMs());
            }
        }
        return times;
    }

    @Override
    public void close() {
        engine.close();
    }
}
