// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.util.Collection;
import java.util.Map;

/** Writes plain values as JSON on one line: maps, collections, text, numbers, booleans and null. */
final class JsonText {
    private static final String HEX = "0123456789abcdef";

    private JsonText() {}

    /**
     * Writes a value.
     *
     * @param value a map with text keys, a collection, a text, a number (finite), a boolean, or null.
     * @return its JSON, without line breaks.
     */
    static String of(final Object value) {
        final StringBuilder json = new StringBuilder();
        append(json, value);
        return json.toString();
    }

    private static void append(final StringBuilder json, final Object value) {
        if (value == null || value instanceof Number || value instanceof Boolean) {
            json.append(value);
        } else if (value instanceof Map<?, ?> map) {
            String separator = "{";
            for (final Map.Entry<?, ?> entry : map.entrySet()) {
                json.append(separator);
                appendText(json, entry.getKey().toString());
                json.append(':');
                append(json, entry.getValue());
                separator = ",";
            }
            json.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof Collection<?> values) {
            String separator = "[";
            for (final Object element : values) {
                json.append(separator);
                append(json, element);
                separator = ",";
            }
            json.append(values.isEmpty() ? "[]" : "]");
        } else {
            appendText(json, value.toString());
        }
    }

    private static void appendText(final StringBuilder json, final String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < ' ') {
                        json.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }
}
