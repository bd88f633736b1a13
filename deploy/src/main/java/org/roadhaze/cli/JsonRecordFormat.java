// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.PrintWriter;
import java.util.Map;
import org.roadhaze.reader.StreamReader;

/** One JSON object a line; what the stream's policy does not let out is absent. */
final class JsonRecordFormat implements RecordFormat {
    @Override
    public void begin(final PrintWriter out) {}

    @Override
    public void print(final StreamReader reader, final PrintWriter out) {
        out.println(toJson(reader));
    }

    static String toJson(final StreamReader reader) {
        final StringBuilder json = new StringBuilder(200).append('{');
        if (reader.hasPseudonym()) {
            text(json, "id", reader.pseudonym());
        }
        if (reader.hasTime()) {
            text(json, "time", reader.time().toString());
        }
        if (reader.hasCoordinates()) {
            raw(json, "latitude", Degrees.ofE7(reader.latitudeE7()));
            raw(json, "longitude", Degrees.ofE7(reader.longitudeE7()));
        }
        if (reader.hasCell()) {
            text(json, "cell", reader.cell());
        }
        text(json, "policy", reader.policyVersion());
        for (final Map.Entry<String, Object> attribute : reader.attributes().entrySet()) {
            raw(json, attribute.getKey(), attribute.getValue().toString());
        }
        return json.append('}').toString();
    }

    private static void text(final StringBuilder json, final String key, final String value) {
        raw(json, key, '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }

    private static void raw(final StringBuilder json, final String key, final String value) {
        json.append(json.length() > 1 ? "," : "")
                .append('"')
                .append(key)
                .append("\":")
                .append(value);
    }
}
