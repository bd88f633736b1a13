// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceFilesTest {
    @TempDir
    private Path directory;

    private static Path resource(final String name) {
        return Path.of(TraceFilesTest.class.getResource("traces/" + name).getPath());
    }

    private static void assertHolds(final List<Track> tracks) {
        assertEquals(List.of("a", "b"), tracks.stream().map(Track::name).toList());
        final Track first = tracks.get(0);
        assertEquals(2, first.size());
        assertEquals(1_700_000_000_000L, first.timeMs(0));
        assertEquals(45.07, first.latitude(0), 1e-9);
        assertEquals(7.68, first.longitude(0), 1e-9);
        assertEquals(1_700_000_010_000L, first.timeMs(1));
        assertEquals(45.0701, first.latitude(1), 1e-9);
        assertEquals(7.6799, first.longitude(1), 1e-9);
        assertEquals(1, tracks.get(1).size());
        assertEquals(-33.5, tracks.get(1).latitude(0), 1e-9);
    }

    @ParameterizedTest
    @CsvSource({"rows.csv", "differences.delta"})
    void shouldReadTheSameTracksFromBothFormats(final String name) throws IOException {
        assertHolds(TraceFiles.read(resource(name)));
        final Path packed = directory.resolve(name + ".gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            Files.copy(resource(name), out);
        }
        assertHolds(TraceFiles.read(packed));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x.csv   | device,time,latitude,longitude;a,1,2       | x.csv: line 2 is malformed",
                "x.csv   | device,time,latitude,longitude;a,1,2,three | x.csv: line 2 is malformed",
                "x.delta | 1,2,3                                      | x.delta: line 1 is malformed",
                "x.delta | # a;1,2                                    | x.delta: line 2 is malformed",
                "x.delta | # a;1,2,3;1,x,3                            | x.delta: line 3 is malformed"
            })
    void shouldNameTheLineThatIsMalformed(final String name, final String text, final String message)
            throws IOException {
        final Path file = Files.writeString(directory.resolve(name), text.replace(';', '\n') + "\n");
        assertEquals(
                message,
                assertThrows(IOException.class, () -> TraceFiles.read(file)).getMessage());
    }

    @Test
    void shouldHoldNoTrackWhereThereIsNone() throws IOException {
        assertEquals(List.of(), TraceFiles.read(Files.createFile(directory.resolve("none.csv"))));
        assertEquals(List.of(), TraceFiles.read(Files.createFile(directory.resolve("none.delta"))));
    }
}
