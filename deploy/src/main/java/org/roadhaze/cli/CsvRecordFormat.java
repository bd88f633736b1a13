// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.stream.Collectors;
import org.roadhaze.reader.StreamReader;

/**
 * Comma-separated values with a head line. The columns are the same for every stream; the attributes stand in the last
 * one as {@code name=value} pairs separated by spaces, since records of one stream need not have the same ones.
 */
final class CsvRecordFormat implements RecordFormat {
    @Override
    public void begin(final PrintWriter out) {
        out.println("id,time,latitude,longitude,cell,policy,attributes");
    }

    @Override
    public void print(final StreamReader reader, final PrintWriter out) {
        final String attributes = reader.attributes().entrySet().stream()
                .map(CsvRecordFormat::pair)
                .collect(Collectors.joining(" "));
        out.println(String.join(
                ",",
                reader.hasPseudonym() ? reader.pseudonym() : "",
                reader.hasTime() ? reader.time().toString() : "",
                reader.hasCoordinates() ? Degrees.ofE7(reader.latitudeE7()) : "",
                reader.hasCoordinates() ? Degrees.ofE7(reader.longitudeE7()) : "",
                reader.hasCell() ? reader.cell() : "",
                quoted(reader.policyVersion()),
                attributes));
    }

    private static String pair(final Map.Entry<String, Object> attribute) {
        return attribute.getKey() + "=" + attribute.getValue();
    }

    private static String quoted(final String text) {
        return text.contains(",") || text.contains("\"") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
