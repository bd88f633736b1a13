// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.zip.ZipException;

/** Turns what the file system and the network throw, which is often a bare path, into what a person can act on. */
final class Failures {
    private Failures() {}

    /**
     * What went wrong.
     *
     * @param e as it was thrown.
     * @return what it is about, and why it failed, in one line.
     */
    static String sentence(final IOException e) {
        if (e instanceof FileSystemException file) {
            return file.getFile() + ": " + reason(file);
        }
        if (e instanceof UnknownHostException) {
            return e.getMessage() + ": the host is not known here";
        }
        if (e instanceof CharacterCodingException) {
            return "bytes that are no text in UTF-8";
        }
        if (e instanceof EOFException || e instanceof ZipException) {
            return "ends too soon, or is damaged or not compressed as its name says ("
                    + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()) + ")";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /**
     * The same failure, which names its file.
     *
     * @param file that could not be read; what comes from its bytes does not name it.
     * @param e    as it was thrown.
     * @return what {@link #sentence} makes a sentence of that begins with the file.
     */
    static IOException of(final Path file, final IOException e) {
        return e instanceof FileSystemException ? e : new IOException(file + ": " + sentence(e), e);
    }

    private static String reason(final FileSystemException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file or directory";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "is there already, and is no directory";
        }
        if (e instanceof NotDirectoryException) {
            return "is no directory";
        }
        if (e instanceof DirectoryNotEmptyException) {
            return "is a directory that is not empty";
        }
        return e.getReason() == null ? "cannot be used" : e.getReason();
    }
}
