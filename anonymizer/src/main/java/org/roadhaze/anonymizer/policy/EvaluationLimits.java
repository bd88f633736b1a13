// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.roadhaze.config.ConfigMap;
import org.roadhaze.config.ConfigNode;

/**
 * What an attacker may find at most, in a stream's own words: {@code limits: { relink: 5%, homeWithin250m: 10% }}. They do not
 * change what leaves; {@code roadhaze evaluate} holds the stream to them.
 */
final class EvaluationLimits {
    /** The figures of an evaluation that can have a limit. */
    private static final List<String> NAMES = List.of(
            "uniqueness4",
            "reidentificationAp",
            "reidentificationApAdaptive",
            "reidentificationPoi",
            "reidentificationPoiAdaptive",
            "reidentificationMarkov",
            "reidentificationMarkovAdaptive",
            "relink",
            "relinkFull",
            "relinkFifth",
            "stopF",
            "homeWithin250m",
            "aggregateRecovery");

    private static final double HUNDRED = 100;

    private EvaluationLimits() {}

    /**
     * Reads a stream's limits.
     *
     * @param stream the stream's mapping.
     * @return each figure's most, in [0, 1]; {@code relink} as both of its two. Empty without limits.
     */
    static Map<String, Double> read(final ConfigMap stream) {
        final Map<String, Double> limits = new LinkedHashMap<>();
        final ConfigMap map = stream.mapOrEmpty("limits");
        for (final String name : map.names()) {
            if (!NAMES.contains(name)) {
                map.keyProblem(name, name, "one of " + ConfigNode.oneOf(name, NAMES));
                continue;
            }
            final double most = map.percent(name, 0, HUNDRED, HUNDRED) / HUNDRED;
            if (name.equals("relink")) {
                limits.putIfAbsent("relinkFull", most);
                limits.putIfAbsent("relinkFifth", most);
            } else {
                limits.put(name, most);
            }
        }
        return limits;
    }
}
