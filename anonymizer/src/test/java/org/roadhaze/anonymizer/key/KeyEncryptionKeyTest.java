// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.InvalidKeyException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyEncryptionKeyTest {
    private static final long DEVICE = 352_093_081_234_567L;

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("keys").resolve("journal.key");
    }

    @Test
    void shouldMakeAFileForItsOwnerAloneAndReadItAgain() throws Exception {
        final KeyEncryptionKey made = KeyEncryptionKey.readOrCreate(file());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        final byte[] key = RandomBytes.next(32);
        final KeyEncryptionKey again = KeyEncryptionKey.readOrCreate(file());
        assertThat(again.unwrap(made.wrap(key))).isEqualTo(key);
        assertThat(again.tagOf(DEVICE)).isEqualTo(made.tagOf(DEVICE)).hasSize(16);
        assertThat(again.fingerprint()).isEqualTo(made.fingerprint());
        assertThat(directory.resolve("keys").toFile().list()).containsExactly("journal.key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----"})
    void shouldRefuseAFileThatOthersMayUse(final String permissions) throws Exception {
        KeyEncryptionKey.readOrCreate(file());
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString(permissions));
        assertThatThrownBy(() -> KeyEncryptionKey.readOrCreate(file()))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining(permissions)
                .hasMessageContaining("allowed rw-------");
    }

    @Test
    void shouldNotMakeAKeyWhereOneIsOnlyRead() {
        assertThatThrownBy(() -> KeyEncryptionKey.read(file()))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("no such key file");
        assertThat(file()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"c2VjcmV0LXNlY3JldA==", "c2VjcmV0-no-base64!", ""})
    void shouldRefuseATextThatIsNoKeyAndNotRepeatIt(final String text) {
        assertThatThrownBy(() -> KeyEncryptionKey.parse("SOME_VARIABLE", text))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("SOME_VARIABLE: found")
                .hasMessageContaining("allowed the base64 of 32 random bytes")
                .hasMessageNotContaining("c2VjcmV0")
                .hasNoCause();
    }

    @Test
    void shouldUnwrapNothingThatAnotherKeyWrappedOrThatWasAltered() throws Exception {
        final KeyEncryptionKey one = KeyEncryptionKey.parse("one", base64(1));
        final KeyEncryptionKey other = KeyEncryptionKey.parse("other", base64(2));
        final byte[] wrapped = one.wrap(RandomBytes.next(32));
        assertThat(wrapped).hasSize(KeyEncryptionKey.WRAPPED_LENGTH_BYTES);
        assertThatThrownBy(() -> other.unwrap(wrapped)).isInstanceOf(InvalidKeyException.class);
        for (int bit = 0; bit < wrapped.length * 8; bit++) {
            final byte[] altered = wrapped.clone();
            altered[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> one.unwrap(altered)).isInstanceOf(InvalidKeyException.class);
        }
        assertThat(one.fingerprint()).isNotEqualTo(other.fingerprint());
        assertThat(one.tagOf(DEVICE)).isNotEqualTo(other.tagOf(DEVICE)).isNotEqualTo(one.tagOf(DEVICE + 1));
    }

    /** Computed apart from this code: HMAC-SHA256 of two longs, 3 and 0, cut to 16 bytes. */
    @Test
    void shouldDeriveWhatItUses() {
        assertThat(HexFormat.of()
                        .formatHex(KeyEncryptionKey.parse("one", base64(1)).fingerprint()))
                .isEqualTo("399df17da5cb692ed83f6dd380c1113a");
    }

    private static String base64(final int filling) {
        final byte[] key = new byte[32];
        Arrays.fill(key, (byte) filling);
        return Base64.getEncoder().encodeToString(key);
    }
}
