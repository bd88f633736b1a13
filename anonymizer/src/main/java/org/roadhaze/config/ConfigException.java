// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that must not be used. Its message has one line for each problem. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    /**
     * Refuses a configuration.
     *
     * @param problems everything that is wrong with it, at least one.
     */
    public ConfigException(final List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::message).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<ConfigProblem> problems() {
        return problems;
    }
}
