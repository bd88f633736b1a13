// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A file that a command makes at its end: it is there whole or not at all, whatever ends the command. What is no regular file,
 * such as {@code /dev/stdout}, is written to as it is.
 */
final class OutputFile {
    private static final String ALLOWED = ", allowed a file in a directory that is there and can be written to";

    private final Path file;

    private OutputFile(final Path file) {
        this.file = file;
    }

    /**
     * Looks at the place before anything is computed.
     *
     * @param option which asks for the file, for messages.
     * @param file   where it is to be; one that is there is replaced.
     * @param inputs none of which it may be.
     * @return the file, not yet written.
     * @throws IOException when a path cannot be looked at.
     * @throws IllegalArgumentException when it cannot be there: names option, file and what is allowed.
     */
    static OutputFile at(final String option, final Path file, final List<Path> inputs) throws IOException {
        final String found = option + ": found " + file;
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException(found + ", which is a directory" + ALLOWED);
        }
        if (Files.exists(file)) {
            for (final Path input : inputs) {
                if (Files.exists(input) && Files.isSameFile(file, input)) {
                    throw new IllegalArgumentException(
                            found + ", which is also read or written, allowed a file of its own");
                }
            }
            if (!Files.isWritable(file)) {
                throw new IllegalArgumentException(found + ", which may not be written (permission denied)" + ALLOWED);
            }
        }
        final Path real = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        final Path directory = real.getParent();
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException(found + ", whose directory is not there" + ALLOWED);
        }
        if (!Files.isWritable(directory)) {
            throw new IllegalArgumentException(found + ", whose directory may not be written to" + ALLOWED);
        }
        return new OutputFile(real);
    }

    /**
     * Writes it beside its place, and moves it there.
     *
     * @param text what it holds.
     * @throws IOException when it cannot be written: then what was there before still is.
     */
    void write(final String text) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            Files.writeString(file, text);
            return;
        }
        final Path fresh = Files.createTempFile(file.getParent(), "." + file.getFileName(), ".part");
        try {
            // A signal ends the process without the lines below, but not without this.
            fresh.toFile().deleteOnExit();
            Files.writeString(fresh, text);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
