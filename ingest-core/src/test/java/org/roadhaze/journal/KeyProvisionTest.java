// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.anonymizer.key.KeyEncryptionKey;
import org.roadhaze.anonymizer.key.KeyFileException;
import org.roadhaze.stream.StreamFiles;

class KeyProvisionTest {
    @TempDir
    Path data;

    @Test
    void shouldMakeAKeyFileAtTheFirstStart() {
        final KeyEncryptionKey key = KeyProvision.forEngine(data, null, name -> null);
        assertThat(StreamFiles.journalKey(data)).isRegularFile();
        assertThat(KeyProvision.forEngine(data, null, name -> null).fingerprint())
                .isEqualTo(key.fingerprint());
    }

    @Test
    void shouldMakeNoNewKeyForAStoreThatIsThere() throws Exception {
        JournalKeys.open(data, KeyProvision.forEngine(data, null, name -> null)).close();
        Files.delete(StreamFiles.journalKey(data));
        assertThatThrownBy(() -> KeyProvision.forEngine(data, null, name -> null))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("journal.key: there is no such key file");
        assertThat(StreamFiles.journalKey(data)).doesNotExist();
    }

    @Test
    void shouldTakeTheKeyFromTheEnvironmentAndWriteNone() {
        final KeyEncryptionKey key = KeyProvision.forEngine(
                data, null, name -> name.equals(KeyProvision.VARIABLE) ? TestKey.base64(7) + "\n" : null);
        assertThat(key.fingerprint()).isEqualTo(TestKey.of(7).fingerprint());
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void shouldRefuseAVariableThatIsNoKey() {
        assertThatThrownBy(() -> KeyProvision.forEngine(data, null, name -> "hunter2"))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining(KeyProvision.VARIABLE + ": found")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void shouldRefuseAVariableBesideAKeyFile() {
        assertThatThrownBy(() -> KeyProvision.forEngine(data, data.resolve("my.key"), name -> TestKey.base64(1)))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("my.key: found a key file beside the environment variable");
    }
}
