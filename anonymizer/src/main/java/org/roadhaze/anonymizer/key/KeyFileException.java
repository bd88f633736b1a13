// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import java.nio.file.Path;

/** A key file that cannot or must not be used. The message names the file and what to do; it never holds key material. */
public final class KeyFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Names a file.
     *
     * @param file    the file.
     * @param problem what is wrong with it, and what to do.
     */
    public KeyFileException(final Path file, final String problem) {
        this(file.toString(), problem);
    }

    KeyFileException(final String origin, final String problem) {
        super(origin + ": " + problem);
    }

    KeyFileException(final Path file, final String problem, final Throwable cause) {
        super(file + ": " + problem, cause);
    }
}
