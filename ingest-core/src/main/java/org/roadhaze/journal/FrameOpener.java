// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.journal;

import static org.roadhaze.stream.JournalLayout.CLEAR_LENGTH;
import static org.roadhaze.stream.JournalLayout.FRAME_HEAD_LENGTH;
import static org.roadhaze.stream.JournalLayout.NONCE;
import static org.roadhaze.stream.JournalLayout.NONCE_LENGTH;
import static org.roadhaze.stream.JournalLayout.TAG_LENGTH;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.agrona.DirectBuffer;
import org.agrona.collections.Object2ObjectHashMap;

/** Opens what a {@link FrameSealer} sealed. Not thread safe. */
public final class FrameOpener {
    /** Keys are few bytes, but a journal may be of millions of devices. */
    private static final int MAX_REMEMBERED_KEYS = 100_000;

    private final JournalKeys keys;
    private final Object2ObjectHashMap<ByteBuffer, DataKey> remembered = new Object2ObjectHashMap<>();
    private final byte[] clear = new byte[CLEAR_LENGTH];
    private byte[] content = new byte[0];

    /** What became of a frame. */
    public enum Answer {
        /** It is open. */
        OPEN,
        /** Its data key is not in the key store: it was destroyed, and with it what is sealed under it. */
        KEY_DESTROYED,
        /** It, or its data key in the key store, is not as it was sealed: somebody altered it. */
        TAMPERED
    }

    /**
     * Makes an opener.
     *
     * @param keys the data keys.
     */
    public FrameOpener(final JournalKeys keys) {
        this.keys = keys;
    }

    /**
     * Opens a frame.
     *
     * @param frame  where it is, as it stands in a document.
     * @param offset where it begins.
     * @param length length of cipher text and tag.
     * @return what became of it.
     * @throws IOException when the key store cannot be read.
     */
    public Answer open(final DirectBuffer frame, final int offset, final int length) throws IOException {
        content = new byte[0];
        frame.getBytes(offset, clear);
        final DataKey key;
        try {
            key = key();
        } catch (final InvalidKeyException altered) {
            return Answer.TAMPERED;
        }
        if (key == null) {
            return Answer.KEY_DESTROYED;
        }
        final byte[] sealed = new byte[length];
        frame.getBytes(offset + FRAME_HEAD_LENGTH, sealed);
        try {
            final Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE, key.key(), new GCMParameterSpec(8 * TAG_LENGTH, clear, NONCE, NONCE_LENGTH));
            cipher.updateAAD(clear);
            content = cipher.doFinal(sealed);
            return Answer.OPEN;
        } catch (final GeneralSecurityException notAsSealed) {
            return Answer.TAMPERED;
        }
    }

    private DataKey key() throws IOException, InvalidKeyException {
        final ByteBuffer id = ByteBuffer.wrap(Arrays.copyOf(clear, DataKey.ID_LENGTH));
        DataKey key = remembered.get(id);
        if (key == null) {
            key = keys.find(id.getLong(0), id.getLong(Long.BYTES));
            if (key != null) {
                if (remembered.size() == MAX_REMEMBERED_KEYS) {
                    remembered.clear();
                }
                remembered.put(id, key);
            }
        }
        return key;
    }

    /**
     * What was sealed, after {@link Answer#OPEN}.
     *
     * @return a {@code SealedFrame} message; empty after another answer.
     */
    public byte[] content() {
        return content.clone();
    }
}
