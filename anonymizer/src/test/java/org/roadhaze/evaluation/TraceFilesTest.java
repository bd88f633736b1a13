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
                "1,2,3                      | 1: found '1,2,3'",
                "# a;1,2                    | 2: found '1,2'",
                "# a;1,2,3;1,x,3            | 3: found '1,x,3'",
                "# a;4102444800,2,3         | 2: found '4102444800,2,3'",
                "# a;1,9000000,3;1,1,3      | 3: found '1,1,3'",
                "# a;1,2,-18000000;1,2,-1   | 3: found '1,2,-1'"
            })
    void shouldNameTheLineThatIsWrong(final String text, final String message) throws IOException {
        final Path file = Files.writeString(directory.resolve("x.delta"), text.replace(';', '\n') + "\n");
        assertEquals(
                file + ":" + message
                        + ", allowed dt,dlat,dlon below a line with # and a name: differences to the row before"
                        + " in seconds and 1e-5 degrees, of a time before the year 2100 and a place on earth",
                assertThrows(IllegalArgumentException.class, () -> TraceFiles.read(file))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x.csv   | device,time,latitude,longitude;a,20,1,2;a,10,1,3;a,15,1,4;a,20,1,5",
                "x.delta | # a;20,100000,200000;-10,0,100000;5,0,100000;5,0,100000"
            })
    void shouldLeaveOutWhatIsOlderThanWhatWasThere(final String name, final String text) throws IOException {
        final List<Track> tracks =
                TraceFiles.read(Files.writeString(directory.resolve(name), text.replace(';', '\n') + "\n"));
        assertEquals(1, tracks.size());
        assertEquals(2, tracks.get(0).size());
        assertEquals(2.0, tracks.get(0).longitude(0), 1e-9);
        assertEquals(5.0, tracks.get(0).longitude(1), 1e-9);
    }

    @Test
    void shouldFindTheColumnsOfRowsByTheirNames() throws IOException {
        final Path file = Files.writeString(
                directory.resolve("x.csv"),
                "longitude,speed,time,device,latitude\n7.68,50,2023-11-14T22:13:20Z,a,45.07\n");
        final Track track = TraceFiles.read(file).get(0);
        assertEquals("a", track.name());
        assertEquals(1_700_000_000_000L, track.timeMs(0));
        assertEquals(45.07, track.latitude(0), 1e-9);
        assertEquals(7.68, track.longitude(0), 1e-9);
    }

    @Test
    void shouldHoldNoTrackWhereThereIsNone() throws IOException {
        assertEquals(
                List.of(),
                TraceFiles.read(Files.writeString(directory.resolve("none.csv"), "device,time,latitude,longitude\n")));
        assertEquals(List.of(), TraceFiles.read(Files.createFile(directory.resolve("none.delta"))));
    }
}
