// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.journal;

import java.util.Arrays;
import java.util.Base64;
import org.roadhaze.anonymizer.key.KeyEncryptionKey;

/** Key-encryption keys that a test can make again. */
final class TestKey {
    private TestKey() {}

    static String base64(final int filling) {
        final byte[] key = new byte[KeyEncryptionKey.LENGTH_BYTES];
        Arrays.fill(key, (byte) filling);
        return Base64.getEncoder().encodeToString(key);
    }

    static KeyEncryptionKey of(final int filling) {
        return KeyEncryptionKey.parse("test", base64(filling));
    }
}
