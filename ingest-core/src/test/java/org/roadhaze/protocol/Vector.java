// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.roadhaze.position.PositionBatch;

/**
 * One frame and the answer that is expected, from a line of {@code vectors/PROTOCOL.jsonl}:
 * <pre>
 *  name             what it is
 *  source           who says what the answer is: a document or another decoder, never our own output
 *  transport        tcp (if absent) or udp
 *  frame            hex
 *  device           who is logged in: a number (1 if absent), or null
 *  receivedTimeMs   2026-01-01 UTC if absent
 *  result           a name of FrameResult
 *  names            the device that the frame itself names (none if absent)
 *  acknowledgement  hex (none if absent)
 *  covered          [first, last] byte that the check sum covers, itself included: no flipped bit there is accepted or
 *                   acknowledged
 *  positions        each with the fields of Position by name (unknown if absent), faults (names), attributes: pairs of
 *                   name and raw value, bytes as hex, in the order of the frame
 * </pre>
 */
record Vector(
        Protocol protocol,
        String name,
        boolean udp,
        String frameHex,
        long sessionDevice,
        long receivedTimeMs,
        int coveredFrom,
        int coveredTo,
        Decoding expected) {

    private static final Set<String> KEYS = Set.of(
            "name",
            "source",
            "transport",
            "frame",
            "device",
            "receivedTimeMs",
            "result",
            "names",
            "acknowledgement",
            "covered",
            "positions");

    static Vector parse(final Protocol protocol, final Map<String, Object> line) {
        if (!KEYS.containsAll(line.keySet()) || !line.containsKey("source")) {
            throw new IllegalArgumentException("vector with keys " + line.keySet() + ": allowed are " + KEYS);
        }
        final List<Map<String, Object>> positions = new ArrayList<>();
        for (final Object position : (List<?>) line.getOrDefault("positions", List.of())) {
            final Map<String, Object> fields = new LinkedHashMap<>();
            ((Map<?, ?>) position).forEach((key, value) -> fields.put((String) key, widen(value)));
            positions.add(fields);
        }
        final List<?> covered = (List<?>) line.getOrDefault("covered", List.of(0, -1));
        return new Vector(
                protocol,
                (String) line.get("name"),
                "udp".equals(line.get("transport")),
                (String) line.get("frame"),
                line.containsKey("device") ? number(line.get("device")) : 1,
                line.containsKey("receivedTimeMs") ? number(line.get("receivedTimeMs")) : Decoding.RECEIVED_TIME_MS,
                ((Number) covered.get(0)).intValue(),
                ((Number) covered.get(1)).intValue(),
                new Decoding(
                        FrameResult.valueOf((String) line.get("result")),
                        number(line.get("names")),
                        (String) line.getOrDefault("acknowledgement", ""),
                        positions));
    }

    byte[] frame() {
        return HexFormat.of().parseHex(frameHex);
    }

    ProtocolDecoder decoder() {
        return decoder(DecoderOptions.ENGINE);
    }

    ProtocolDecoder decoder(final DecoderOptions options) {
        return (udp ? protocol.udp() : protocol.tcp()).apply(options);
    }

    Decoding decode(final ProtocolDecoder decoder, final byte[] bytes, final PositionBatch batch) {
        return Decoding.of(decoder, bytes, sessionDevice, receivedTimeMs, batch);
    }

    boolean isCovered(final int index) {
        return index >= coveredFrom && index <= coveredTo;
    }

    @Override
    public String toString() {
        return protocol.name() + (udp ? "/udp: " : "/tcp: ") + name;
    }

    private static long number(final Object value) {
        return value == null ? ProtocolDecoder.NO_DEVICE : ((Number) value).longValue();
    }

    /** All whole numbers as long, at every depth, as {@link Decoding} has them. */
    private static Object widen(final Object value) {
        if (value instanceof Number number) {
            return number.longValue();
        }
        if (value instanceof List<?> list) {
            final List<Object> widened = new ArrayList<>();
            list.forEach(element -> widened.add(widen(element)));
            return widened;
        }
        return value;
    }
}
