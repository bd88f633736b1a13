// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class HmacSha256Test {
    @Test
    void shouldAgreeWithThePlatform() throws GeneralSecurityException {
        final Random random = new Random(20250713);
        final HmacSha256 hmac = new HmacSha256();
        final Mac mac = Mac.getInstance("HmacSHA256");
        for (int i = 0; i < 1_000; i++) {
            final byte[] key = new byte[EpochKey.LENGTH_BYTES];
            random.nextBytes(key);
            final long first = random.nextLong();
            final long second = random.nextLong();
            mac.init(new SecretKeySpec(key, "HmacSHA256"));

            assertThat(hmac.of(key, first, second))
                    .isEqualTo(mac.doFinal(ByteBuffer.allocate(16)
                            .putLong(first)
                            .putLong(second)
                            .array()));
        }
    }
}
