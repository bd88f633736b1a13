// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.locationtech.jts.geom.Geometry;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.config.ConfigMap;
import org.roadhaze.config.ConfigNode;
import org.roadhaze.geometry.Area;
import org.roadhaze.geometry.GeoJsonAreas;
import org.roadhaze.geometry.InvalidAreasException;
import org.roadhaze.geometry.PolygonIndex;

/**
 * Keeps back every record whose raw place lies in a zone, or within a buffer around one; the border itself is inside. The
 * whole record stays, not its coordinates alone: what speed, course or time say of a place is no secret any more.
 *
 * <p>The zones err on the side of keeping back: a buffer is at least as wide as it says.
 */
public final class SensitiveZones implements Mechanism {
    private final PolygonIndex zones;

    SensitiveZones(final PolygonIndex zones) {
        this.zones = zones;
    }

    @Override
    public void accept(final Candidate candidate, final Outlet outlet) {
        if (zones.containsAny(
                candidate.position().latitudeE7(), candidate.position().longitudeE7())) {
            outlet.suppress(candidate, SuppressionReason.SENSITIVE_ZONE);
        } else {
            outlet.pass(candidate);
        }
    }

    /**
     * Which zones. All chains of a stream share the index, which is immutable.
     *
     * @param zones        the zones with their buffer.
     * @param fileName     the file's name, for people.
     * @param fileSha256   hash of the file's bytes in hexadecimal: other zones are another policy.
     * @param bufferMetres in [0, 10000].
     */
    public record Parameters(PolygonIndex zones, String fileName, String fileSha256, double bufferMetres)
            implements MechanismParameters {
        static final double LEAST_METRES = 0;
        static final double MOST_METRES = 10_000;

        /** Refuses a buffer out of range. */
        public Parameters {
            Ranges.check("buffer", bufferMetres, LEAST_METRES, MOST_METRES);
        }

        static Parameters read(final ConfigMap map) {
            final double bufferMetres = map.metres("buffer", LEAST_METRES, MOST_METRES, LEAST_METRES);
            final ConfigNode file = map.required("suppress", "a GeoJSON file, relative to this one")
                    .orElse(null);
            if (file != null) {
                final Path path = file.filePath();
                try {
                    final List<Geometry> polygons = new ArrayList<>();
                    for (final Area area : GeoJsonAreas.read(path, bufferMetres)) {
                        polygons.add(area.geometry());
                    }
                    return new Parameters(
                            PolygonIndex.of(polygons), path.getFileName().toString(), sha256(path), bufferMetres);
                } catch (final InvalidAreasException e) {
                    for (final String problem : e.problems()) {
                        file.problem(problem, "");
                    }
                } catch (final IOException e) {
                    file.problem("a file that cannot be read any more: " + e.getMessage(), "a GeoJSON file");
                }
            }
            return new Parameters(PolygonIndex.of(List.of()), "", "", bufferMetres);
        }

        private static String sha256(final Path file) throws IOException {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
            } catch (final NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }

        @Override
        public Mechanism build(final MechanismContext context) {
            return new SensitiveZones(zones);
        }

        @Override
        public String effect() {
            final String metres =
                    BigDecimal.valueOf(bufferMetres).stripTrailingZeros().toPlainString();
            return "nothing from within " + (bufferMetres > 0 ? metres + " m of " : "") + zones.size()
                    + (zones.size() == 1 ? " zone" : " zones") + " (" + fileName + ")";
        }

        @Override
        public String canonical() {
            return "zones sha256=" + fileSha256 + " buffer=" + bufferMetres + "m";
        }

        @Override
        public Rebuilding rebuilding() {
            return Rebuilding.PURE;
        }

        @Override
        public Set<String> inputs() {
            return Set.of("place");
        }
    }
}
