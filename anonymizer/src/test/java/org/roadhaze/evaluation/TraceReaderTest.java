// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Traces are read, and what is wrong in them is said. */
class TraceReaderTest {
    private static final String TIMES =
            "allowed seconds since 1970-01-01 UTC, before the year 2100 (milliseconds, as a ledger has them, have to be"
                    + " divided by 1000), or ISO-8601 with an offset";
    private static final String TRACE = """
            device,time,latitude,longitude,altitude,speed,course
            a,1212883201,37.80640,-122.41499,12.4,36.6,360
            b,2008-06-08T00:00:01Z,-90,180,,,
            b,2008-06-08T02:00:01.5+02:00,0.0000001,-0.0000001,-3,0,359.4
            """;

    @TempDir
    Path directory;

    private static List<String> rows(final Path file) throws IOException {
        final List<String> rows = new ArrayList<>();
        TraceReader.read(
                file,
                (device, timeMs, latitudeE7, longitudeE7, altitudeM, speedKmh, courseDeg) -> rows.add(String.join(
                        " ",
                        device,
                        "" + timeMs,
                        "" + latitudeE7,
                        "" + longitudeE7,
                        given(altitudeM),
                        given(speedKmh),
                        given(courseDeg))));
        return rows;
    }

    private static String given(final int value) {
        return value == TraceReader.NOT_GIVEN ? "-" : "" + value;
    }

    @Test
    void shouldReadEveryField() throws IOException {
        final Path file = Files.writeString(directory.resolve("trace.csv"), TRACE);
        assertThat(rows(file))
                .containsExactly(
                        "a 1212883201000 378064000 -1224149900 12 37 0",
                        "b 1212883201000 -900000000 1800000000 - - -",
                        "b 1212883201500 1 -1 -3 0 359");
    }

    @Test
    void shouldReadWhatIsCompressed() throws IOException {
        final Path plain = Files.writeString(directory.resolve("trace.csv"), TRACE);
        final Path packed = directory.resolve("trace.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(TRACE.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(rows(packed)).isEqualTo(rows(plain));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x,yesterday,1,1 | 2: time: found 'yesterday', " + TIMES,
                "x,4102444800,1,1 | 2: time: found '4102444800', " + TIMES,
                "x,-1,1,1 | 2: time: found '-1', " + TIMES,
                "x,2100-01-01T00:00:00Z,1,1 | 2: time: found '2100-01-01T00:00:00Z', " + TIMES,
                "x,1,91,1        | 2: latitude: found '91', allowed -90 to 90",
                "x,1,1,180.1     | 2: longitude: found '180.1', allowed -180 to 180",
                "x,1,1,NaN       | 2: longitude: found 'NaN', allowed -180 to 180",
                "x,1,north,1     | 2: latitude: found 'north', allowed a number",
                "x,1,1           | 2: longitude: found 'x,1,1', allowed a field for every column of the first line",
                "',1,1,1'        | 2: device: found '', allowed a name"
            })
    void shouldSayWhichFieldIsWrong(final String row, final String message) throws IOException {
        final Path file =
                Files.writeString(directory.resolve("t.csv"), "device,time,latitude,longitude\n" + row + "\n");
        assertThatIllegalArgumentException().isThrownBy(() -> rows(file)).withMessage(file + ":" + message);
    }

    @Test
    void shouldSayWhichColumnIsMissing() throws IOException {
        final Path file = Files.writeString(directory.resolve("t.csv"), "device,time,lat,lon\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rows(file))
                .withMessage(file + ":1: latitude: found 'device,time,lat,lon', allowed a first line with"
                        + " device,time,latitude,longitude[,altitude,speed,course]");
    }
}
