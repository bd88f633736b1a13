// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.config;

import java.time.ZoneOffset;
import java.util.regex.Pattern;

/** A time zone that is a fixed distance from UTC, as people write it: {@code +08:00}. */
public final class UtcOffset {
    /** What a person may write. */
    public static final String ALLOWED = "an offset from UTC of -18:00 to +18:00, such as +08:00";

    private static final Pattern FORM = Pattern.compile("[-+][0-9]{2}:[0-5][0-9]");
    private static final int MAX_SEC = 18 * 3600;

    private UtcOffset() {}

    /**
     * Reads an offset.
     *
     * @param text what a person wrote.
     * @return the offset, or null when it is none.
     */
    public static ZoneOffset parse(final String text) {
        if (!FORM.matcher(text).matches()) {
            return null;
        }
        final int hours = Integer.parseInt(text, 1, 3, 10);
        final int minutes = Integer.parseInt(text, 4, 6, 10);
        final int seconds = 3600 * hours + 60 * minutes;
        return seconds > MAX_SEC ? null : ZoneOffset.ofTotalSeconds(text.charAt(0) == '-' ? -seconds : seconds);
    }

    /**
     * Writes an offset for a person.
     *
     * @param offset the offset.
     * @return such as {@code UTC+08:00}, or {@code UTC}.
     */
    public static String render(final ZoneOffset offset) {
        return offset.getTotalSeconds() == 0 ? "UTC" : "UTC" + offset.getId();
    }
}
