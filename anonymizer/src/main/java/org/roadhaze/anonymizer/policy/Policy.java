// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import java.nio.file.Path;
import java.util.List;
import org.roadhaze.config.ConfigException;
import org.roadhaze.config.ConfigProblem;
import org.roadhaze.config.ConfigReader;

/**
 * A policy: the only ways out.
 *
 * @param version  what the policy's author calls this version; every published record names it. 1 to 64 printable ASCII
 *                 characters.
 * @param streams  the streams, in the order of the file, at least one.
 * @param warnings what is allowed and yet doubtful.
 */
public record Policy(String version, List<StreamPolicy> streams, List<ConfigProblem> warnings) {
    /** Copies the lists. */
    public Policy {
        streams = List.copyOf(streams);
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads a policy file, which holds {@code policy} and {@code streams} and nothing else.
     *
     * @param file the file.
     * @return the policy.
     * @throws ConfigException with everything that is wrong with it.
     */
    public static Policy read(final Path file) {
        final ConfigReader reader = new ConfigReader();
        final Policy policy = PolicyReader.read(reader.read(file));
        reader.finish();
        return policy;
    }

    /**
     * The stream of a name.
     *
     * @param name the name.
     * @return the stream.
     * @throws IllegalArgumentException when there is none, with the names that there are.
     */
    public StreamPolicy stream(final String name) {
        for (final StreamPolicy stream : streams) {
            if (stream.name().equals(name)) {
                return stream;
            }
        }
        throw new IllegalArgumentException("no stream " + name + " in policy " + version + ", which has "
                + String.join(", ", streams.stream().map(StreamPolicy::name).toList()));
    }
}
