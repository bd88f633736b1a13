// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.roadhaze.config.ConfigMap;
import org.roadhaze.config.ConfigNode;

/**
 * Reads a policy from the mapping that has the keys {@code policy} and {@code streams}: the root of a policy file, or of
 * the configuration of an engine whose other keys someone else reads.
 *
 * <pre>
 *   policy: { version: 2025-07-13 }        or        policy: { file: policy.yaml }
 *   streams:
 *     traffic: ...
 * </pre>
 */
public final class PolicyReader {
    private static final int LONGEST_VERSION = 64;
    private static final String NAME_ALLOWED = "a name of a to z, 0 to 9 and -, a letter first, at most 63 long";

    /** Every stream is offered every position, so that any two publish records of the same vehicles. */
    private static final String JOINABLE =
            "whoever may read two streams can join them, whatever each keeps back: the records of one batch are written"
                    + " in the same order to every stream, and their times agree; give them to different readers";

    private PolicyReader() {}

    /**
     * Reads a policy. What is wrong is noted in the reader of the mapping; the result may be used only when that reader
     * finishes.
     *
     * @param root the mapping with {@code policy} and {@code streams}.
     * @return the policy.
     */
    public static Policy read(final ConfigMap root) {
        final ConfigMap policy = root.map("policy");
        if (!policy.has("file")) {
            return read(policy, root);
        }
        if (policy.has("version")) {
            policy.problem("has a version and a file: the version stands in the file");
        }
        if (root.has("streams")) {
            root.problem("has streams and a policy file: the streams stand in the file");
        }
        final Path file = policy.path("file");
        final ConfigMap included = root.reader().read(file);
        final ConfigMap inner = included.map("policy");
        if (inner.has("file")) {
            inner.problem("a policy file cannot point to another one");
        }
        return read(inner, included);
    }

    private static Policy read(final ConfigMap policy, final ConfigMap root) {
        final String version = readVersion(policy);
        final List<StreamPolicy> streams = new ArrayList<>();
        final Map<String, ConfigMap> maps = new HashMap<>();
        final ConfigMap named = root.map("streams");
        for (final String name : named.names()) {
            if (!isName(name)) {
                named.keyProblem(name, name, NAME_ALLOWED);
            }
            final ConfigMap stream = named.map(name);
            final StreamPolicy read = StreamReader.read(name, stream);
            SegmentContradictions.checkBeside(streams, read, stream);
            streams.add(read);
            maps.put(name, stream);
        }
        if (streams.isEmpty()) {
            named.problem("no stream: nothing would ever leave");
        }
        NoiseContradictions.checkTogether(streams, named);
        RebuildRules.check(streams, maps);
        if (streams.stream().filter(stream -> !stream.journal()).count() > 1) {
            root.optional("streams").ifPresent((final ConfigNode value) -> value.warning(JOINABLE));
        }
        return new Policy(version, streams, root.reader().warnings());
    }

    private static String readVersion(final ConfigMap policy) {
        final String version = policy.text("version");
        final boolean printable = version.chars().allMatch(c -> c >= ' ' && c <= '~');
        if (version.length() > LONGEST_VERSION || !printable) {
            policy.optional("version")
                    .ifPresent((final ConfigNode value) ->
                            value.problem("1 to " + LONGEST_VERSION + " printable ASCII characters"));
        }
        return version;
    }

    private static boolean isName(final String name) {
        return name.matches("[a-z][a-z0-9-]{0,62}");
    }
}
