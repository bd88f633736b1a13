// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geometry;

import java.util.List;
import java.util.Map;
import org.json.simple.JSONObject;
import org.json.simple.parser.ContainerFactory;
import org.json.simple.parser.JSONParser;
import org.json.simple.parser.ParseException;

/**
 * Reads a JSON text and refuses a key that stands twice in one object. JSON lets it stand and most readers keep the last
 * one, so that of two {@code features} all the zones of the first would be gone without a word.
 *
 * <p>Used once, by one thread.
 */
final class JsonText {
    private final String file;
    private final String text;
    private final List<String> problems;
    private final JSONParser parser = new JSONParser();

    private JsonText(final String file, final String text, final List<String> problems) {
        this.file = file;
        this.text = text;
        this.problems = problems;
    }

    /**
     * Reads a text.
     *
     * @param file     the name that messages give it.
     * @param text     JSON.
     * @param problems takes what is wrong: then the result must not be used.
     * @return what the text says, as json-simple has it.
     */
    static Object parse(final String file, final String text, final List<String> problems) {
        return new JsonText(file, text, problems).parse();
    }

    private Object parse() {
        try {
            return parser.parse(text, new UniqueKeys());
        } catch (final ParseException e) {
            problems.add(file + ": line " + lineOf(e.getPosition()) + ": not JSON: " + what(e));
            return null;
        }
    }

    private int lineOf(final int position) {
        int line = 1;
        for (int i = 0; i < Math.min(position, text.length()); i++) {
            if (text.charAt(i) == '\n') {
                line++;
            }
        }
        return line;
    }

    private static String what(final ParseException e) {
        return switch (e.getErrorType()) {
            case ParseException.ERROR_UNEXPECTED_CHAR -> "unexpected character '" + e.getUnexpectedObject() + "'";
            case ParseException.ERROR_UNEXPECTED_TOKEN -> "unexpected " + e.getUnexpectedObject();
            default -> String.valueOf(e.getUnexpectedObject());
        };
    }

    private final class UniqueKeys implements ContainerFactory {
        @Override
        @SuppressWarnings("rawtypes") // the library is older than generics
        public Map createObjectContainer() {
            return new JSONObject() {
                private static final long serialVersionUID = 1L;

                @Override
                @SuppressWarnings("unchecked") // the library is older than generics
                public Object put(final Object key, final Object value) {
                    if (containsKey(key)) {
                        problems.add(file + ": line " + lineOf(parser.getPosition()) + ": the key \"" + key
                                + "\" again, allowed: once in an object");
                    }
                    return super.put(key, value);
                }
            };
        }

        @Override
        @SuppressWarnings("rawtypes") // the library is older than generics
        public List creatArrayContainer() {
            return null; // its own
        }
    }
}
