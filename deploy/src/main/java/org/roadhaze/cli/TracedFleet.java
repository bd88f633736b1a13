// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.roadhaze.evaluation.TraceFiles;
import org.roadhaze.evaluation.Track;
import org.roadhaze.report.ReportContent.DataFile;

/**
 * What a fleet drove, and the files that say so.
 *
 * @param tracks of all files, in their order; a device of one name is another in each file.
 * @param files  what they are, so that others can tell whether theirs are the same.
 */
record TracedFleet(List<Track> tracks, List<DataFile> files) {
    /** Copies the lists. */
    TracedFleet {
        tracks = List.copyOf(tracks);
        files = List.copyOf(files);
    }

    /**
     * Reads files.
     *
     * @param paths of them.
     * @return their tracks.
     * @throws IOException when one cannot be read: names it.
     * @throws IllegalArgumentException when a line is wrong: names file, line, what was found and what is allowed.
     */
    static TracedFleet read(final List<Path> paths) throws IOException {
        final List<Track> tracks = new ArrayList<>();
        final List<DataFile> files = new ArrayList<>();
        for (final Path path : paths) {
            final List<Track> ofFile = read(path);
            tracks.addAll(ofFile);
            files.add(new DataFile(
                    "file " + (files.size() + 1), // Its name may be a driver's, or a plate.
                    Files.size(path),
                    sha256(path),
                    ofFile.size(),
                    ofFile.stream().mapToLong(Track::size).sum()));
        }
        return new TracedFleet(tracks, files);
    }

    private static List<Track> read(final Path path) throws IOException {
        try {
            return TraceFiles.read(path);
        } catch (final IOException e) {
            throw Failures.of(path, e);
        }
    }

    long fixes() {
        return files.stream().mapToLong(DataFile::fixes).sum();
    }

    /** From when to when the fleet drove; of one with a fix. */
    String period() {
        final List<Track> driven =
                tracks.stream().filter(track -> track.size() > 0).toList();
        final long first =
                driven.stream().mapToLong(track -> track.timeMs(0)).min().orElseThrow();
        final long last = driven.stream()
                .mapToLong(track -> track.timeMs(track.size() - 1))
                .max()
                .orElseThrow();
        return Instant.ofEpochMilli(first) + " to " + Instant.ofEpochMilli(last);
    }

    private static String sha256(final Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file);
                DigestInputStream in = new DigestInputStream(bytes, MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
