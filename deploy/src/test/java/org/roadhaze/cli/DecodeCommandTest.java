// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What {@code roadhaze decode} says about the example frames of the makers' documents. */
class DecodeCommandTest {
    private static final String LOGIN = "000F333536333037303432343431303133";
    private static final String CODEC_8 =
            "000000000000003608010000016B40D8EA30010000000000000000000000000000000105021503"
                    + "010101425E0F01F10000601A014E0000000000000000010000C7CF";
    private static final String DATAGRAM =
            "003DCAFE0105000F33353230393330383634303336353508010000016B4F815B30010000000000"
                    + "000000000000000000000103021503010101425DBC000001";
    private static final String REPLY = "00000000000000100c010600000008010300010015d5c5010000d988";
    private static final String DRIVING =
            "000000000000004c08010000016818d500580009c28d9f1cb3757a00be00c60f0053000f06f00115"
                    + "03c80001011d00fc0007423799180053cdf80dce426f430f88190bb8560bb802f100005aa110002887e000010000ee8d";
    private static final String ATTRIBUTES =
            "{\"priority\":1,\"event\":1,\"gsmSignal\":3,\"in1\":true,\"power\":24.079,"
                    + "\"operator\":24602,\"driverId\":0}";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void shouldDecodeAConnectionAsJson() throws IOException {
        assertThat(decode(List.of(LOGIN, "ff", "0x" + CODEC_8), "--json")).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "{\"frame\":1,\"result\":\"ok\",\"device\":\"356307042441013\",\"acknowledgement\":\"01\","
                                + "\"positions\":[]}",
                        "{\"frame\":2,\"result\":\"ok\",\"device\":\"356307042441013\",\"acknowledgement\":null,"
                                + "\"positions\":[]}",
                        "{\"frame\":3,\"result\":\"ok\",\"device\":\"356307042441013\",\"acknowledgement\":\"00000001\","
                                + "\"positions\":[{\"time\":\"2019-06-10T10:04:46Z\",\"valid\":false,\"latitude\":0.0,"
                                + "\"longitude\":0.0,\"altitude\":0.0,\"speed\":0.0,\"course\":0.0,\"satellites\":0,"
                                + "\"attributes\":" + ATTRIBUTES + "}]}");
    }

    @Test
    void shouldDecodeASingleFrameWithoutALogin() throws IOException {
        assertThat(decode(List.of(DRIVING), "--json")).isZero();
        assertThat(out.toString())
                .startsWith("{\"frame\":1,\"result\":\"ok\",\"device\":null,\"acknowledgement\":\"00000001\",")
                .contains(
                        "\"time\":\"2019-01-04T12:27:19Z\",\"valid\":true,\"latitude\":48.1523066,"
                                + "\"longitude\":16.3745183,\"altitude\":190.0,\"speed\":83.0,\"course\":198.0,\"satellites\":15,");
    }

    @Test
    void shouldSayNullForWhatTheDeviceDidNotSay() throws IOException {
        assertThat(decode(List.of(REPLY), "--json")).isZero();
        assertThat(out.toString())
                .contains("\"positions\":[{\"time\":null,\"valid\":false,\"latitude\":null,\"longitude\":null,"
                        + "\"altitude\":null,\"speed\":null,\"course\":null,\"satellites\":null,"
                        + "\"attributes\":{\"type\":6,\"result\":\"010300010015d5c5\"}}]}");
    }

    @Test
    void shouldRecognizeADatagram() throws IOException {
        assertThat(decode(List.of(DATAGRAM), "--json")).isZero();
        assertThat(out.toString())
                .contains("\"device\":\"352093086403655\",\"acknowledgement\":\"0005cafe010501\"")
                .contains("\"power\":23.996");
        assertThat(decode(List.of(DATAGRAM), "--json", "--udp")).isZero();
    }

    /** A datagram has no check sum of its own: a bit that is wrong in it must at least be seen. */
    @Test
    void shouldNeverShowADatagramWithAFlippedBitAsTheGoodOne() throws IOException {
        final byte[] datagram = HexFormat.of().parseHex(DATAGRAM);
        final List<String> frames = new ArrayList<>(List.of(DATAGRAM));
        for (int bit = 0; bit < 8 * datagram.length; bit++) {
            final byte[] flipped = datagram.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            frames.add(HexFormat.of().formatHex(flipped));
        }
        assertThat(decode(frames, "--json", "--udp")).isEqualTo(1);
        final List<String> shown = out.toString()
                .lines()
                .map(line -> line.replaceFirst("\"frame\":[0-9]+,", ""))
                .toList();
        assertThat(shown).hasSameSizeAs(frames);
        assertThat(shown.subList(1, shown.size())).doesNotContain(shown.get(0));
    }

    @Test
    void shouldShowABoolThatIsNeitherAsItsNumber() throws IOException {
        assertThat(decode(List.of(DATAGRAM.replace("010101425DBC", "010301425DBC")), "--json"))
                .isZero();
        assertThat(out.toString()).contains("\"in1\":3,");
        assertThat(decode(List.of(DATAGRAM.replace("010101425DBC", "010001425DBC")), "--json"))
                .isZero();
        assertThat(out.toString()).contains("\"in1\":false,");
    }

    @Test
    void shouldRefuseAWrongCheckSumUnlessTold() throws IOException {
        final String altered = CODEC_8.replace("425E0F", "425E0E");
        assertThat(decode(List.of(altered), "--json")).isEqualTo(1);
        assertThat(out.toString())
                .contains("\"result\":\"checksum\",\"device\":null,\"acknowledgement\":null,\"positions\":[],"
                        + "\"offset\":62,\"reason\":\"wrong check sum");
        assertThat(decode(List.of(altered), "--json", "--ignore-checksum")).isZero();
        assertThat(out.toString()).contains("\"power\":24.078").endsWith(",\"checksum\":\"wrong\"}\n");
        assertThat(decode(List.of(altered), "--ignore-checksum")).isZero();
        assertThat(out.toString()).contains("WRONG CHECK SUM IGNORED");
    }

    @Test
    void shouldNameTheResultOfEveryFrameAndGoOn() throws IOException {
        assertThat(decode(List.of(CODEC_8.substring(0, 80), "0102", "0000000000000006090200000002000000000", CODEC_8)))
                .isEqualTo(2);
        assertThat(err.toString()).contains("frames.hex:3: an odd number of hexadecimal digits (37)");
        assertThat(out.toString()).contains("frame 1: incomplete", "frame 2: malformed", "frame 3: ok");
        assertThat(decode(List.of(CODEC_8.substring(0, 80), "0102", CODEC_8), "--json"))
                .isEqualTo(1);
        assertThat(results()).containsExactly("incomplete", "malformed", "ok");
    }

    @Test
    void shouldShowAPersonEveryFieldWithOffsetBytesValueAndUnit() throws IOException {
        assertThat(decode(List.of(DRIVING))).isZero();
        assertThat(out.toString().lines().map(line -> line.trim().replaceAll(" +", " ")))
                .contains(
                        "frame 1: ok, 88 bytes, device unknown",
                        "10 00 00 01 68 18 d5 00 58 Timestamp 1546604839000 ms",
                        "19 09 c2 8d 9f Longitude 163745183 1e-7 deg",
                        "32 00 53 Speed 83 km/h",
                        "speed 83.0",
                        "acknowledgement 00000001");
    }

    @Test
    void shouldShowAPersonWhereAndWhyAFrameFails() throws IOException {
        assertThat(decode(List.of(CODEC_8.replace("010000C7CF", "020000C78F")), "--ignore-checksum"))
                .isEqualTo(1);
        assertThat(out.toString())
                .contains("frame 1: malformed")
                .contains("failed at byte 61: the two counts differ")
                .contains("acknowledgement none");
    }

    @Test
    void shouldShowThatAMalformedFrameIsAcknowledgedWhenItsCheckSumIsRight() throws IOException {
        final String countsDiffer = CODEC_8.replace("010000C7CF", "020000C68F");
        assertThat(decode(List.of(countsDiffer))).isEqualTo(1);
        assertThat(out.toString()).contains("frame 1: malformed").contains("acknowledgement 00000001");
        assertThat(decode(List.of(countsDiffer), "--ignore-checksum")).isEqualTo(1);
        assertThat(out.toString()).contains("acknowledgement 00000001");
    }

    @ParameterizedTest
    @CsvSource({
        "teltonika, 000000000000003608010000016B40D8EA3001, 19",
        "gt06,      78780d0101234567890123450001, 14",
        "gt06,      78, 1",
    })
    void shouldSayThatMoreBytesAreExpectedWhereAFrameIsCut(final String protocol, final String hex, final int length)
            throws IOException {
        final Path file = Files.write(folder.resolve("frames.hex"), List.of(hex));
        assertThat(execute("decode", "--protocol", protocol, "--json", file.toString()))
                .isEqualTo(1);
        assertThat(out.toString())
                .contains("\"result\":\"incomplete\"")
                .contains("\"offset\":" + length
                        + ",\"reason\":\"the frame is not complete: more bytes are expected here\"");
        assertThat(execute("decode", "--protocol", protocol, file.toString())).isEqualTo(1);
        assertThat(out.toString())
                .contains("failed at byte " + length + ": the frame is not complete: more bytes are expected here")
                .doesNotContain("no frame begins here");
    }

    @Test
    void shouldReadLocalTimesInTheZoneThatIsNamed() throws IOException {
        final String location = "787822220f0c1d023305c9027ac8180c46586000140001cc00287d001f71000001000820860d0a";
        final String file =
                Files.write(folder.resolve("frames.hex"), List.of(location)).toString();
        assertThat(execute("decode", "--protocol", "gt06", "--json", file)).isZero();
        assertThat(out.toString()).contains("\"time\":\"2015-12-29T02:51:05Z\"");
        assertThat(execute("decode", "--protocol", "gt06", "--json", "--time-zone", "+08:00", file))
                .isZero();
        assertThat(out.toString()).contains("\"time\":\"2015-12-28T18:51:05Z\"");
        assertThat(execute("decode", "--protocol", "gt06", "--time-zone", "CST", file))
                .isEqualTo(2);
        assertThat(err.toString()).contains("found 'CST', allowed an offset from UTC of -18:00 to +18:00");
        assertThat(execute("decode", "--protocol", "teltonika", "--time-zone", "+08:00", file))
                .isEqualTo(2);
        assertThat(err.toString()).contains("the times of teltonika are UTC: leave --time-zone out");
    }

    @Test
    void shouldNameWhatIsWrongWithTheInput() throws IOException {
        assertThat(decode(List.of("ff", "", "# a remark", "fz"))).isEqualTo(2);
        assertThat(err.toString()).contains("frames.hex:4: 'z' found");
        assertThat(execute("decode", "--protocol", "nonesuch")).isEqualTo(2);
        assertThat(err.toString()).contains("unknown protocol 'nonesuch': allowed are gt06, teltonika");
        assertThat(execute(
                        "decode",
                        "--protocol",
                        "teltonika",
                        folder.resolve("nowhere").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("nowhere: there is no such file");
        assertThat(execute("decode", "--protocol", "teltonika", folder.toString()))
                .isEqualTo(2);
    }

    @Test
    void shouldReadStandardInput() {
        final InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream("ff\n".getBytes(StandardCharsets.US_ASCII)));
            assertThat(execute("decode", "--protocol", "teltonika", "--json", "-"))
                    .isZero();
        } finally {
            System.setIn(before);
        }
        assertThat(out.toString()).startsWith("{\"frame\":1,\"result\":\"ok\"");
    }

    private List<String> results() {
        return out.toString()
                .lines()
                .map(line -> line.replaceAll(".*\"result\":\"([a-z]+)\".*", "$1"))
                .toList();
    }

    private int decode(final List<String> frames, final String... options) throws IOException {
        final Path file = Files.write(folder.resolve("frames.hex"), frames);
        final List<String> arguments = new ArrayList<>(List.of("decode", "--protocol", "teltonika"));
        arguments.addAll(List.of(options));
        arguments.add(file.toString());
        return execute(arguments.toArray(new String[0]));
    }

    private int execute(final String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        final CommandLine commandLine = Roadhaze.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }
}
