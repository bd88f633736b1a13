// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;

/**
 * Compares with an independent decoder: {@code vectors/PROTOCOL.jsonl} in the folder that the system property
 * {@code roadhaze.shared} names. Where the answers differ, {@code vectors/PROTOCOL-differences.txt} among the test
 * resources says why, one line {@code session/seq: reason} for each row; a line whose row agrees is an error, too.
 */
@EnabledIfSystemProperty(named = "roadhaze.shared", matches = ".+")
class ReferenceVectorsTest {
    private static final long DEVICE = 1;
    private static final double KMH_PER_KNOT = 1.852;

    /** 2027-01-01 UTC, after the last row was captured: an earlier time would make fixes of the future of them. */
    private static final long RECEIVED_TIME_MS = 1_798_761_600_000L;

    private final PositionBatch batch = new PositionBatch();
    private final DeviceSession session = new DeviceSession().reset(DEVICE, RECEIVED_TIME_MS);

    @ParameterizedTest
    @ValueSource(strings = {"gt06", "teltonika"})
    void shouldDecodeAsTheReferenceOrSayWhyNot(final String name) throws IOException {
        final Map<String, String> reasons = reasons(name);
        final List<String> unexplained = new ArrayList<>();
        final List<Map<String, Object>> rows = rows(name);
        assertThat(rows).isNotEmpty();
        for (final Map<String, Object> row : rows) {
            final String id = row.get("session") + "/" + row.get("seq");
            final List<String> differences = compare(name, row);
            final String reason = reasons.remove(id);
            if (differences.isEmpty() && reason != null) {
                unexplained.add(id + " is listed as different and agrees");
            } else if (!differences.isEmpty() && reason == null) {
                unexplained.add(id + " " + differences + " " + row.get("frame"));
            }
        }
        assertThat(unexplained).isEmpty();
        assertThat(reasons).as("reasons for rows that do not exist").isEmpty();
    }

    /** With check sums verified, no bit of a frame with positions can be turned unnoticed. */
    @ParameterizedTest
    @ValueSource(strings = {"gt06", "teltonika"})
    void shouldRefuseEveryFlippedBit(final String name) {
        final ProtocolDecoder decoder = protocol(name).tcp().apply(DecoderOptions.ENGINE);
        int flipped = 0;
        final List<String> accepted = new ArrayList<>();
        for (final Map<String, Object> row : rows(name)) {
            final byte[] frame = HexFormat.of().parseHex((String) row.get("frame"));
            if (decode(decoder, frame) != FrameResult.POSITIONS) {
                continue;
            }
            for (int bit = 0; bit < 8 * frame.length; bit++, flipped++) {
                frame[bit / 8] ^= (byte) (1 << (bit % 8));
                final int length = decoder.frameLength(new UnsafeBuffer(frame), 0, frame.length);
                final byte[] cut = length > 0 ? Arrays.copyOf(frame, length) : frame;
                if (decode(decoder, cut).isOk()) {
                    accepted.add(row.get("session") + "/" + row.get("seq") + " bit " + bit);
                }
                frame[bit / 8] ^= (byte) (1 << (bit % 8));
            }
        }
        assertThat(flipped).isGreaterThan(1000);
        assertThat(accepted).as("accepted of %d flipped", flipped).isEmpty();
    }

    private List<String> compare(final String name, final Map<String, Object> row) {
        final byte[] frame = HexFormat.of().parseHex((String) row.get("frame"));
        final DecoderOptions options = new DecoderOptions(false, null);
        final FrameResult result = decode(protocol(name).tcp().apply(options), frame);
        final List<?> expected = (List<?>) row.get("positions");
        final List<String> differences = new ArrayList<>();
        if (expected.size() != batch.size()) {
            differences.add(result + " with " + batch.size() + " positions for " + expected.size());
            return differences;
        }
        for (int i = 0; i < batch.size(); i++) {
            compare((Map<?, ?>) expected.get(i), batch.get(i), "position " + i + ": ", differences);
        }
        return differences;
    }

    private static void compare(
            final Map<?, ?> expected, final Position actual, final String where, final List<String> differences) {
        if (expected.get("fixTime") == null) {
            if ((actual.faults() & Position.FAULT_NO_FIX) == 0) {
                differences.add(where + "a fix for none");
            }
            return;
        }
        if (((Number) expected.get("fixTime")).longValue() != actual.fixTimeMs()) {
            differences.add(where + "time " + actual.fixTimeMs() + " for " + expected.get("fixTime"));
        }
        if ((Boolean) expected.get("valid") != actual.isValid()) {
            differences.add(where + "valid " + actual.isValid() + " for " + expected.get("valid"));
        }
        near(expected, "lat", actual.latitudeE7(), 1e-7, 1, 1e-6, where, differences);
        near(expected, "lon", actual.longitudeE7(), 1e-7, 1, 1e-6, where, differences);
        near(expected, "altitude", actual.altitudeCm(), 0.01, 1, 1, where, differences);
        near(expected, "course", actual.courseCdeg(), 0.01, 1, 1, where, differences);
        near(expected, "speedKnots", actual.speedCmPerSec(), 0.036, KMH_PER_KNOT, 0.1, where, differences);
    }

    /** The reference has zero where the device did not say. */
    private static void near(
            final Map<?, ?> expected,
            final String key,
            final int actual,
            final double actualUnit,
            final double expectedUnit,
            final double tolerance,
            final String where,
            final List<String> differences) {
        final double wanted = ((Number) expected.get(key)).doubleValue() * expectedUnit;
        final double found = actual == Position.UNKNOWN ? 0 : actual * actualUnit;
        if (Math.abs(wanted - found) > tolerance) {
            differences.add(where + key + " " + found + " for " + wanted);
        }
    }

    private FrameResult decode(final ProtocolDecoder decoder, final byte[] frame) {
        return decoder.decode(new UnsafeBuffer(frame), 0, frame.length, session, batch);
    }

    private static Protocol protocol(final String name) {
        return Protocols.byName(name).orElseThrow();
    }

    private static List<Map<String, Object>> rows(final String name) {
        return JsonLines.read(Path.of(System.getProperty("roadhaze.shared"), "vectors", name + ".jsonl"));
    }

    private static Map<String, String> reasons(final String name) throws IOException {
        final URL url = ReferenceVectorsTest.class.getResource("/vectors/" + name + "-differences.txt");
        final Map<String, String> reasons = new LinkedHashMap<>();
        if (url != null) {
            try (Stream<String> lines = Files.lines(Path.of(URI.create(url.toString())))) {
                lines.filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(line -> {
                    final int colon = line.indexOf(": ");
                    assertThat(colon).as("%s: session/seq: reason", line).isPositive();
                    reasons.put(line.substring(0, colon), line.substring(colon + 2));
                });
            }
        }
        return reasons;
    }
}
