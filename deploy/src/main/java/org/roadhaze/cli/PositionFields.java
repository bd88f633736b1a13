// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;

/**
 * A position as people and programs read it: times ISO-8601 UTC, degrees, metres, km/h; what the device did not say is
 * null.
 */
final class PositionFields {
    private static final double KMH_PER_CM_PER_SEC = 0.036;

    private PositionFields() {}

    /**
     * Names the values of a position.
     *
     * @param position the position.
     * @param frame    the buffer that its text and binary attributes refer to.
     * @return time, valid, latitude, longitude, altitude, speed, course, satellites, attributes, in this order.
     */
    static Map<String, Object> of(final Position position, final DirectBuffer frame) {
        final Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(
                "time",
                position.fixTimeMs() == Position.UNKNOWN_TIME
                        ? null
                        : Instant.ofEpochMilli(position.fixTimeMs()).toString());
        fields.put("valid", position.isValid());
        fields.put("latitude", scaled(position.latitudeE7(), 7));
        fields.put("longitude", scaled(position.longitudeE7(), 7));
        fields.put("altitude", scaled(position.altitudeCm(), 2));
        fields.put("speed", speedKmh(position.speedCmPerSec()));
        fields.put("course", scaled(position.courseCdeg(), 2));
        fields.put("satellites", position.satellites() == Position.UNKNOWN ? null : position.satellites());
        fields.put("attributes", attributes(position, frame));
        return fields;
    }

    /** A name that the device sent more than once has all its values. */
    private static Map<String, Object> attributes(final Position position, final DirectBuffer frame) {
        final Map<String, Object> attributes = new LinkedHashMap<>();
        if (position.hdopCenti() != Position.UNKNOWN) {
            attributes.put(Attribute.HDOP.label(), scaled(position.hdopCenti(), 2));
        }
        for (int i = 0; i < position.attributeCount(); i++) {
            final int key = position.attributeKey(i);
            attributes.merge(
                    Attribute.labelOf(key), value(key, position.attributeValue(i), frame), PositionFields::both);
        }
        return attributes;
    }

    private static Object both(final Object first, final Object second) {
        final List<Object> values = new ArrayList<>();
        if (first instanceof List<?> list) {
            values.addAll(list);
        } else {
            values.add(first);
        }
        values.add(second);
        return values;
    }

    private static Object value(final int key, final long value, final DirectBuffer frame) {
        if (Attribute.isBytes(key)) {
            return text(frame, (int) (value >>> 16), (int) value & 0xFFFF);
        }
        final Attribute attribute = Attribute.ofKey(key);
        if (attribute == null || attribute.kind() == Attribute.Kind.IDENTIFYING) {
            return new BigDecimal(Long.toUnsignedString(value));
        }
        return attribute.unit().equals("bool") ? bool(value) : decimal(value, attribute.decimals());
    }

    /** What is neither yes nor no stays what it is: a wire has more values than the maker gave a meaning. */
    private static Object bool(final long value) {
        return value == 0 || value == 1 ? (Object) (value == 1) : decimal(value, 0);
    }

    /** Printable text as it is, anything else as hex. */
    private static String text(final DirectBuffer frame, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        frame.getBytes(offset, bytes);
        for (final byte b : bytes) {
            if ((b < ' ' || b > '~') && b != '\r' && b != '\n' && b != '\t') {
                return HexFormat.of().formatHex(bytes);
            }
        }
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static BigDecimal scaled(final int value, final int decimals) {
        return value == Position.UNKNOWN ? null : decimal(value, decimals);
    }

    /** Whole cm/s cannot hold whole km/h: a tenth is what they hold. */
    private static BigDecimal speedKmh(final int speedCmPerSec) {
        return speedCmPerSec == Position.UNKNOWN
                ? null
                : BigDecimal.valueOf(speedCmPerSec * KMH_PER_CM_PER_SEC).setScale(1, RoundingMode.HALF_UP);
    }

    /** Without zeros at the end, but never in powers of ten; a scaled number keeps one decimal. */
    private static BigDecimal decimal(final long value, final int decimals) {
        final BigDecimal stripped = BigDecimal.valueOf(value, decimals).stripTrailingZeros();
        final int scale = Math.max(stripped.scale(), Math.min(decimals, 1));
        return stripped.setScale(scale, RoundingMode.UNNECESSARY);
    }
}
