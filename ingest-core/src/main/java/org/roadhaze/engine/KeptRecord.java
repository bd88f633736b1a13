// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.roadhaze.anonymizer.key.PrivateFile;

/**
 * For how long a stream was last said to be kept, in a file of one line, {@code keep MS journal true|false}: so that a stream which
 * the policy does not have any more is still ended when it was promised to be.
 *
 * @param keptMs    so old what left may become, milliseconds, at least 0.
 * @param isJournal whether data keys have to be kept as long.
 */
record KeptRecord(long keptMs, boolean isJournal) {
    private static final Pattern LINE = Pattern.compile("keep (\\d{1,18}) journal (true|false)\n");

    /**
     * Reads one.
     *
     * @param file where it is.
     * @return null when there is none that can be read: nobody knows.
     * @throws IOException when the disk fails.
     */
    static KeptRecord read(final Path file) throws IOException {
        final String text;
        try {
            text = new String(Files.readAllBytes(file), US_ASCII);
        } catch (final NoSuchFileException none) {
            return null;
        }
        final Matcher line = LINE.matcher(text);
        return line.matches()
                ? new KeptRecord(Long.parseLong(line.group(1)), Boolean.parseBoolean(line.group(2)))
                : null;
    }

    /** Writes it where it is news; on the disk, whole, when this returns. */
    void write(final Path file) throws IOException {
        if (equals(read(file))) {
            return;
        }
        Files.createDirectories(file.getParent());
        PrivateFile.replace(file, US_ASCII.encode("keep " + keptMs + " journal " + isJournal + "\n"));
        PrivateFile.forceDirectoryOf(file);
        PrivateFile.forceDirectoryOf(file.getParent());
    }
}
