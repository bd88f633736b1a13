// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class SyntheticTownTest {
    /** What is shipped is what the code makes, and so nobody's. */
    @Test
    void shouldBeWhatIsShipped() throws IOException {
        try (InputStream shipped =
                new GZIPInputStream(Files.newInputStream(CommandLineHarness.shipped("traces/town.delta.gz")))) {
            assertThat(new String(shipped.readAllBytes(), StandardCharsets.US_ASCII).equals(SyntheticTown.traces(1)))
                    .as("deploy/config/traces/town.delta.gz is what SyntheticTown.main writes")
                    .isTrue();
        }
    }
}
