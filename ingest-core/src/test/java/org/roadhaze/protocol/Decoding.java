// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Plausibility;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;

/**
 * Everything that can be seen of one decoded frame, in the words of the vector files, so that two can be compared.
 *
 * @param result          what the frame was.
 * @param deviceId        whom it names, or {@link ProtocolDecoder#NO_DEVICE}.
 * @param acknowledgement hex.
 * @param positions       as {@link #render} puts them.
 */
record Decoding(FrameResult result, long deviceId, String acknowledgement, List<Map<String, Object>> positions) {

    /** When frames of the vectors were received unless they say otherwise: 2026-01-01 UTC. */
    static final long RECEIVED_TIME_MS = 1_767_225_600_000L;

    private static final Map<String, Integer> FAULTS = new LinkedHashMap<>();

    static {
        FAULTS.put("NO_FIX", Position.FAULT_NO_FIX);
        FAULTS.put("DEVICE_INVALID", Position.FAULT_DEVICE_INVALID);
        FAULTS.put("RANGE", Position.FAULT_RANGE);
        FAULTS.put("NULL_ISLAND", Position.FAULT_NULL_ISLAND);
        FAULTS.put("TIME", Position.FAULT_TIME);
    }

    static Decoding of(
            final ProtocolDecoder decoder,
            final byte[] frame,
            final long sessionDevice,
            final long receivedTimeMs,
            final PositionBatch batch) {
        return of(decoder, new UnsafeBuffer(frame), 0, frame.length, sessionDevice, receivedTimeMs, batch);
    }

    static Decoding of(
            final ProtocolDecoder decoder,
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final long sessionDevice,
            final long receivedTimeMs,
            final PositionBatch batch) {
        final long deviceId = decoder.deviceId(buffer, offset, length);
        final DeviceSession session = new DeviceSession().reset(sessionDevice, receivedTimeMs);
        final FrameResult result = decoder.decode(buffer, offset, length, session, batch);
        final byte[] acknowledgement = new byte[batch.acknowledgementLength()];
        batch.acknowledgement().getBytes(0, acknowledgement);
        final List<Map<String, Object>> positions = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            // As the worker does: what no protocol needs to know is judged once, behind all of them.
            Plausibility.judge(batch.get(i).receivedTimeMs(receivedTimeMs));
            positions.add(render(batch.get(i), buffer));
        }
        return new Decoding(result, deviceId, HexFormat.of().formatHex(acknowledgement), positions);
    }

    /**
     * Renders a position: its known fields by name, faults by name, attributes as pairs of name and raw value, in order;
     * a text or binary value as hex.
     */
    static Map<String, Object> render(final Position position, final DirectBuffer frame) {
        final Map<String, Object> fields = new LinkedHashMap<>();
        if (position.fixTimeMs() != Position.UNKNOWN_TIME) {
            fields.put("fixTimeMs", position.fixTimeMs());
        }
        put(fields, "latitudeE7", position.latitudeE7());
        put(fields, "longitudeE7", position.longitudeE7());
        put(fields, "altitudeCm", position.altitudeCm());
        put(fields, "speedCmPerSec", position.speedCmPerSec());
        put(fields, "courseCdeg", position.courseCdeg());
        put(fields, "satellites", position.satellites());
        put(fields, "hdopCenti", position.hdopCenti());
        final List<Object> faults = new ArrayList<>();
        FAULTS.forEach((name, bit) -> {
            if ((position.faults() & bit) != 0) {
                faults.add(name);
            }
        });
        if (!faults.isEmpty()) {
            fields.put("faults", faults);
        }
        final List<Object> attributes = new ArrayList<>();
        for (int i = 0; i < position.attributeCount(); i++) {
            attributes.add(List.of(Attribute.labelOf(position.attributeKey(i)), value(position, i, frame)));
        }
        if (!attributes.isEmpty()) {
            fields.put("attributes", attributes);
        }
        return fields;
    }

    private static Object value(final Position position, final int index, final DirectBuffer frame) {
        final long value = position.attributeValue(index);
        if (!Attribute.isBytes(position.attributeKey(index))) {
            return value;
        }
        final byte[] bytes = new byte[(int) value & 0xFFFF];
        frame.getBytes((int) (value >>> 16), bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static void put(final Map<String, Object> fields, final String name, final int value) {
        if (value != Position.UNKNOWN) {
            fields.put(name, (long) value);
        }
    }
}
