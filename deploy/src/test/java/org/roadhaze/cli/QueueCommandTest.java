// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.stream.ReleaseLayout;
import org.roadhaze.stream.StreamFiles;
import org.roadhaze.stream.StreamWriter;

class QueueCommandTest {
    private static final long MARKER = 0x0102030405060708L;

    @TempDir
    private Path data;

    private final CommandLineHarness roadhaze = new CommandLineHarness();

    @BeforeEach
    void writeTwoStreams() {
        for (final String stream : new String[] {"counts", "traffic"}) {
            try (StreamWriter writer = new StreamWriter(data, stream, "v1", 42, SystemEpochClock.INSTANCE)) {
                final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
                for (int i = 0; i < 3; i++) {
                    final Release release = new Release();
                    release.pseudonym(MARKER);
                    release.timeMs(i);
                    ReleaseLayout.putRecord(buffer, 0, release);
                    writer.append(buffer, 0, ReleaseLayout.recordLength(release), 1);
                    writer.flush();
                }
            }
        }
    }

    @Test
    void shouldSayThatAllIsWell() {
        assertThat(roadhaze.run("queue", "verify", "--data", data.toString())).isEqualTo(Exit.OK);
        assertThat(roadhaze.out().lines())
                .containsExactly(
                        "stream counts: 1 files, 3 documents, 3 records, 0 faults",
                        "stream traffic: 1 files, 3 documents, 3 records, 0 faults");
    }

    @Test
    void shouldNameFileByteAndIndexOfAFault() throws IOException {
        final Path file;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(StreamFiles.queue(data, "traffic"), "*.cq4")) {
            file = files.iterator().next();
        }
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(offsetOfSecondMarker(Files.readAllBytes(file)));
            bytes.write(0);
        }
        assertThat(roadhaze.run("queue", "verify", "--stream", "traffic", "--data", data.toString()))
                .isEqualTo(Exit.FAILED);
        assertThat(roadhaze.out().lines().toList().get(0))
                .startsWith(file + ": byte ")
                .contains(", index ")
                .contains("00000001: the check sum is wrong");
        assertThat(roadhaze.out()).endsWith("stream traffic: 1 files, 3 documents, 2 records, 1 faults\n");
    }

    private static int offsetOfSecondMarker(final byte[] bytes) {
        int found = 0;
        for (int i = 0; ; i++) {
            boolean is = true;
            for (int j = 0; is && j < Long.BYTES; j++) {
                is = bytes[i + j] == Long.BYTES - j;
            }
            if (is && ++found == 2) {
                return i;
            }
        }
    }

    @Test
    void shouldNameTheStreamsThatThereAre() {
        assertThat(roadhaze.run("queue", "verify", "--stream", "nowhere", "--data", data.toString()))
                .isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("--stream: found 'nowhere', allowed counts, traffic");
    }
}
