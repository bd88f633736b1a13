// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFileTest {
    @TempDir
    private Path directory;

    @Test
    void shouldReplaceAFileByOneOfItsOwner() throws IOException {
        final Path file = Files.writeString(directory.resolve("record"), "what was there");
        PrivateFile.replace(file, US_ASCII.encode("new"));
        assertThat(file).hasContent("new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(directory).isDirectoryContaining(file::equals);
        assertThat(file.resolveSibling("record" + PrivateFile.UNFINISHED)).doesNotExist();
    }

    @Test
    void shouldWriteAFileThatIsNotThereYet() throws IOException {
        final Path file = directory.resolve("record");
        PrivateFile.replace(file, US_ASCII.encode("first"));
        assertThat(file).hasContent("first");
    }

    /** What a kill leaves in the middle is neither read nor in the way. */
    @Test
    void shouldWriteOverWhatWasLeftUnfinished() throws IOException {
        final Path file = Files.writeString(directory.resolve("record"), "old");
        Files.writeString(
                directory.resolve("record" + PrivateFile.UNFINISHED), "a piece of something longer than the rest");
        PrivateFile.replace(file, US_ASCII.encode("new"));
        assertThat(file).hasContent("new");
    }

    @Test
    void shouldKeepTheOldContentWhereTheNewCannotBeWritten() throws IOException {
        final Path file = Files.writeString(directory.resolve("record"), "old");
        final Path inTheWay = Files.createDirectory(directory.resolve("record" + PrivateFile.UNFINISHED));
        Files.createFile(inTheWay.resolve("full"));
        assertThatThrownBy(() -> PrivateFile.replace(file, US_ASCII.encode("new")))
                .isInstanceOf(IOException.class);
        assertThat(file).hasContent("old");
    }
}
