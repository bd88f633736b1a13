// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person reads where Java has thrown a bare path. */
class FailuresTest {
    @TempDir
    private Path directory;

    private final CommandLineHarness roadhaze = new CommandLineHarness();

    @Test
    void shouldSayWhatItIsAboutAndWhy() throws IOException {
        final Path file = Files.createFile(directory.resolve("file"));
        final Path none = directory.resolve("none");
        assertThat(sentence(() -> Files.createDirectories(file)))
                .isEqualTo(file + ": is there already, and is no directory");
        assertThat(sentence(() -> Files.createFile(file.resolve("x"))))
                .isEqualTo(file.resolve("x") + ": Not a directory");
        assertThat(sentence(() -> Files.size(none))).isEqualTo(none + ": there is no such file or directory");
        assertThat(Failures.sentence(new AccessDeniedException("secret"))).isEqualTo("secret: permission denied");
        assertThat(Failures.sentence(new UnknownHostException("nowhere")))
                .isEqualTo("nowhere: the host is not known here");
        assertThat(Failures.sentence(new IOException())).isEqualTo("IOException");
        assertThat(Failures.sentence(new EOFException()))
                .isEqualTo("ends too soon, or is damaged or not compressed as its name says (EOFException)");
        assertThat(Failures.sentence(Failures.of(none, new ZipException("Not in GZIP format"))))
                .isEqualTo(none
                        + ": ends too soon, or is damaged or not compressed as its name says (Not in GZIP format)");
        assertThat(sentence(() -> {
                    throw Failures.of(directory, new AccessDeniedException("secret"));
                }))
                .as("which it names itself")
                .isEqualTo("secret: permission denied");
    }

    @Test
    void shouldNameADataDirectoryThatIsAFile() throws IOException {
        final Path file = Files.createFile(directory.resolve("file"));
        assertThat(roadhaze.run(
                        "serve",
                        "--config",
                        CommandLineHarness.shipped("acceptance.yaml").toString(),
                        "--data",
                        file.toString()))
                .isEqualTo(Exit.CANNOT_START);
        assertThat(roadhaze.err()).isEqualTo("roadhaze: " + file + ": is there already, and is no directory\n");
    }

    private static String sentence(final org.assertj.core.api.ThrowableAssert.ThrowingCallable task) {
        return Failures.sentence(catchThrowableOfType(IOException.class, task));
    }
}
