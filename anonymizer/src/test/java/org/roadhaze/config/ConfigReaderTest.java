// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
    private static final Path FILE = Path.of("dir", "roadhaze.yaml");

    private enum Ack {
        PERSISTED,
        SYNCED_TO_DISK
    }

    private final ConfigReader reader = new ConfigReader();

    private ConfigMap parse(final String yaml) {
        return reader.parse(FILE, yaml);
    }

    private List<String> problems() {
        final ConfigException refused = catchThrowableOfType(ConfigException.class, reader::finish);
        assertThat(refused).as("refused").isNotNull();
        assertThat(refused.getMessage().lines()).hasSameSizeAs(refused.problems());
        return refused.problems().stream()
                .map(problem -> problem.message().replace(FILE.toString(), "roadhaze.yaml"))
                .toList();
    }

    @Test
    void shouldReadEveryKindOfValue() {
        final ConfigMap root = parse("""
                name: demo
                version: 2025-07-13
                on: true
                slots: 1024
                idle: 1.5s
                retention: 730d
                wait: 5min
                buffer: 1.5km
                share: 12.5%
                block: 64KiB
                ack: synced-to-disk
                listen: "[::1]:5027"
                zone: -03:30
                fences: fences/city.geojson
                words: [a, b]
                steps:
                  - first: 1
                  - second: 2
                deep: { deeper: { value: -7 } }
                """);

        assertThat(root.text("name")).isEqualTo("demo");
        assertThat(root.text("version")).isEqualTo("2025-07-13");
        assertThat(root.bool("on", false)).isTrue();
        assertThat(root.integer("slots", 1, 4096)).isEqualTo(1024);
        assertThat(root.duration("idle", Duration.ZERO, Duration.ofHours(1))).isEqualTo(Duration.ofMillis(1500));
        assertThat(root.duration("retention", Duration.ZERO, Duration.ofDays(9999)))
                .isEqualTo(Duration.ofDays(730));
        assertThat(root.duration("wait", Duration.ZERO, Duration.ofHours(1))).isEqualTo(Duration.ofMinutes(5));
        assertThat(root.metres("buffer", 0, 5000)).isEqualTo(1500);
        assertThat(root.percent("share", 0, 100, 1)).isEqualTo(12.5);
        assertThat(root.bytes("block", 0, 1 << 20, 1)).isEqualTo(65536);
        assertThat(root.choice("ack", Ack.class)).isEqualTo(Ack.SYNCED_TO_DISK);
        assertThat(root.hostPort("listen")).isEqualTo(new HostPort("::1", 5027));
        assertThat(root.utcOffset("zone", ZoneOffset.UTC)).isEqualTo(ZoneOffset.ofHoursMinutes(-3, -30));
        assertThat(root.path("fences")).isEqualTo(Path.of("dir", "fences", "city.geojson"));
        assertThat(root.texts("words")).containsExactly("a", "b");
        assertThat(root.maps("steps").get(1).integer("second", 0, 9)).isEqualTo(2);
        root.maps("steps").get(0).integer("first", 0, 9);
        assertThat(root.map("deep").map("deeper").integer("value", -10, 10)).isEqualTo(-7);
        reader.finish();
    }

    @Test
    void shouldGiveDefaultsForWhatIsMissing() {
        final ConfigMap root = parse("other: 1");
        root.allowOthers();

        assertThat(root.text("a", "x")).isEqualTo("x");
        assertThat(root.integer("b", 0, 9, 5)).isEqualTo(5);
        assertThat(root.mapOrEmpty("c").duration("d", Duration.ZERO, Duration.ZERO, Duration.ofDays(1)))
                .isEqualTo(Duration.ofDays(1));
        assertThat(root.maps("e")).isEmpty();
        reader.finish();
    }

    @Test
    void shouldReportEverythingAtOnceInTheOrderOfTheFile() {
        final ConfigMap root = parse("""
                slots: 17
                listener:
                  idel: 5s
                  port: "5027"
                ack: sync
                """);
        root.integer("slots", 0, 15);
        final ConfigMap listener = root.map("listener");
        listener.duration("idle", Duration.ZERO, Duration.ofHours(1), Duration.ofMinutes(1));
        listener.integer("port", 0, 65535);
        root.choice("ack", Ack.class);
        root.text("data");

        assertThat(problems())
                .containsExactly(
                        "roadhaze.yaml:1: data: found nothing, allowed a text",
                        "roadhaze.yaml:1: slots: found 17, allowed 0 to 15",
                        "roadhaze.yaml:3: listener.idel: found a key that is not known here,"
                                + " allowed idle, port (did you mean idle?)",
                        "roadhaze.yaml:4: listener.port: found the text \"5027\", allowed 0 to 65535",
                        "roadhaze.yaml:5: ack: found sync, allowed persisted, synced-to-disk");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "5 | a duration with its unit, such as 10ms, 1s, 5min, 24h, 730d",
                "5m | a duration with its unit, such as 10ms, 1s, 5min, 24h, 730d",
                "0.5ms | a duration with its unit, such as 10ms, 1s, 5min, 24h, 730d",
                "-5s | a duration with its unit, such as 10ms, 1s, 5min, 24h, 730d",
                "9999999999999999999d | a duration with its unit, such as 10ms, 1s, 5min, 24h, 730d",
                "999ms | 1s to 2h",
                "121min | 1s to 2h",
            })
    void shouldRefuseDurations(final String written, final String allowed) {
        parse("a: " + written).duration("a", Duration.ofSeconds(1), Duration.ofHours(2));

        assertThat(problems()).containsExactly("roadhaze.yaml:1: a: found " + written + ", allowed " + allowed);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"+08:00, 28800", "-03:30, -12600", "+18:00, 64800", "-18:00, -64800", "+00:00, 0", "'+05:45', 20700"})
    void shouldReadOffsetsFromUtc(final String written, final int seconds) {
        final ConfigMap root = parse("a: " + written);

        assertThat(root.utcOffset("a", ZoneOffset.MAX)).isEqualTo(ZoneOffset.ofTotalSeconds(seconds));
        assertThat(root.utcOffset("b", ZoneOffset.MAX)).isEqualTo(ZoneOffset.MAX);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "+18:01",
        "-19:00",
        "+08:60",
        "8",
        "+8",
        "+08",
        "+0800",
        "+08:00:00",
        "08:00",
        "Z",
        "UTC",
        "Asia/Shanghai"
    })
    void shouldRefuseOtherTimeZones(final String written) {
        parse("a: " + written).utcOffset("a", ZoneOffset.UTC);

        assertThat(problems())
                .containsExactly("roadhaze.yaml:1: a: found " + written
                        + ", allowed an offset from UTC of -18:00 to +18:00, such as +08:00");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"localhost", "localhost:", ":5027", "localhost:65536", "::1:5027", "localhost:50a", "localhost:999999"})
    void shouldRefuseHostsAndPorts(final String written) {
        parse("a: '" + written + "'").hostPort("a");

        assertThat(problems())
                .hasSize(1)
                .first()
                .asString()
                .contains("found the text \"" + written + "\", allowed HOST:PORT");
    }

    @Test
    void shouldRefuseWrongTypes() {
        final ConfigMap root = parse("""
                a: [1]
                b: { c: 1 }
                d: text
                e:
                f: yes
                """);
        root.text("a");
        root.integer("b", 0, 1);
        root.map("d").text("never asked again");
        root.text("e");
        root.bool("f", true);

        assertThat(problems())
                .containsExactly(
                        "roadhaze.yaml:1: a: found a list, allowed a text",
                        "roadhaze.yaml:2: b: found a mapping, allowed 0 to 1",
                        "roadhaze.yaml:3: d: found text, allowed a mapping of keys to values",
                        "roadhaze.yaml:4: e: found nothing, allowed a text",
                        "roadhaze.yaml:5: f: found yes, allowed true or false");
    }

    @Test
    void shouldRefuseDuplicateKeysWhereverTheyAre() {
        final ConfigMap root = parse("a:\n  - b: 1\n    b: 2\n");
        root.allowOthers();

        assertThat(problems())
                .containsExactly("roadhaze.yaml:3: a[0].b: found the key again, allowed once: it stands in line 2");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"'a: [1', 1", "'a: 1\n\tb: 2', 2", "'a: 1\n---\nb: 2', 2", "'a: *b', 1"})
    void shouldReportWhatIsNotYamlInTheSameForm(final String yaml, final int line) {
        assertThat(parse(yaml).text("anything", "")).isEmpty();

        assertThat(problems()).hasSize(1).first().asString().startsWith("roadhaze.yaml:" + line + ": is not YAML: ");
    }

    @Test
    void shouldReportFilesThatCannotBeRead(@TempDir final Path directory) throws IOException {
        final Path latin = Files.write(directory.resolve("z-latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xE9});
        assertThat(reader.read(directory.resolve("absent.yaml")).isBroken()).isTrue();
        reader.read(directory);
        reader.read(latin);
        parse("# nothing but a comment");

        assertThat(catchThrowableOfType(ConfigException.class, reader::finish).problems())
                .extracting(ConfigProblem::found)
                .containsExactlyInAnyOrder("no such file", "a directory", "bytes that are no UTF-8", "an empty file");
    }

    @Test
    void shouldSurviveAnAliasThatContainsItself() {
        final ConfigMap root = parse("a: &x\n  b: *x\n");

        final ConfigMap deep = root.map("a").map("b").map("b");
        deep.allowOthers();

        assertThat(deep.isBroken()).isFalse();
        reader.finish();
    }
}
