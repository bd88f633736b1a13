// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.config;

/**
 * One thing that is wrong with a configuration, for the person who wrote it.
 *
 * @param file    the file as it was named to us.
 * @param line    from 1; 0 when the whole file is meant.
 * @param column  from 1; 0 when the whole file is meant.
 * @param keyPath the key with its parents, {@code streams.traffic.location[0].cell.h3}; empty for the file.
 * @param found   what stands there, or a whole sentence when {@code allowed} is empty.
 * @param allowed what may stand there; empty when {@code found} says it all.
 */
public record ConfigProblem(String file, int line, int column, String keyPath, String found, String allowed) {
    /**
     * One line: {@code roadhaze.yaml:12: streams.traffic.location[0].cell.h3: found 17, allowed 0 to 15}.
     *
     * @return the line, without a line end.
     */
    public String message() {
        final StringBuilder text = new StringBuilder(file);
        if (line > 0) {
            text.append(':').append(line);
        }
        text.append(": ");
        if (!keyPath.isEmpty()) {
            text.append(keyPath).append(": ");
        }
        if (allowed.isEmpty()) {
            return text.append(found).toString();
        }
        return text.append("found ")
                .append(found)
                .append(", allowed ")
                .append(allowed)
                .toString();
    }

    @Override
    public String toString() {
        return message();
    }
}
