// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.journal;

import static org.roadhaze.stream.JournalLayout.CLEAR_LENGTH;
import static org.roadhaze.stream.JournalLayout.NONCE;
import static org.roadhaze.stream.JournalLayout.NONCE_LENGTH;
import static org.roadhaze.stream.JournalLayout.TAG_LENGTH;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.device.DeviceState;
import org.roadhaze.device.DeviceStates;
import org.roadhaze.device.DeviceTable;
import org.roadhaze.stream.JournalLayout;

/**
 * Seals the frames of one worker for one journal: AES-256-GCM under the device's data key of the key epoch, with nonces of
 * its own.
 *
 * <p>Keys are remembered of so many devices at most; that of a device not seen for longest is read again when it returns.
 * AES-GCM of the JDK allocates 2.8 KiB a frame, which a policy without a journal does not pay. Not thread safe, but for {@link
 * #sealed}.
 */
public final class FrameSealer {
    private static final String ALGORITHM = "AES/GCM/NoPadding";

    private static final class CachedKey extends DeviceState {
        private DataKey key;

        @Override
        protected void reset() {
            key = null;
        }
    }

    private final JournalKeys keys;
    private final Nonces nonces;
    private final Duration keyEpoch;
    private final byte[][] protocols;
    private final boolean[] areDatagrams;
    private final int[] utcOffsetsSeconds;
    private final DeviceStates<CachedKey> devices;
    private final Cipher cipher;
    private final byte[] nonce = new byte[NONCE_LENGTH];
    private final byte[] clear = new byte[CLEAR_LENGTH];
    private final UnsafeBuffer content = new UnsafeBuffer(new byte[4096]);
    private byte[] sealed = new byte[4096 + TAG_LENGTH];
    private final AtomicLong count = new AtomicLong();

    /**
     * Makes a sealer.
     *
     * @param keys       the data keys, shared by all sealers.
     * @param keyEpoch   length of a key epoch, at least one millisecond.
     * @param origins    by protocol index, as the listeners stamp it on frames.
     * @param maxDevices whose keys to remember, in [1, {@link DeviceTable#MAX_DEVICES}].
     * @throws IOException when no start number for its nonces can be had.
     */
    public FrameSealer(
            final JournalKeys keys, final Duration keyEpoch, final List<FrameOrigin> origins, final int maxDevices)
            throws IOException {
        this.keys = keys;
        this.keyEpoch = keyEpoch;
        protocols = origins.stream().map(FrameOrigin::protocolBytes).toArray(byte[][]::new);
        areDatagrams = new boolean[origins.size()];
        utcOffsetsSeconds = new int[origins.size()];
        for (int i = 0; i < origins.size(); i++) {
            areDatagrams[i] = origins.get(i).isDatagram();
            utcOffsetsSeconds[i] = origins.get(i).timeZone().getTotalSeconds();
        }
        devices = new DeviceStates<>(maxDevices, CachedKey::new);
        nonces = keys.nonces();
        try {
            cipher = Cipher.getInstance(ALGORITHM);
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    /**
     * How long a frame is when it is sealed.
     *
     * @param protocol    its protocol index.
     * @param frameLength how long it is.
     * @return bytes.
     */
    public int sealedLength(final int protocol, final int frameLength) {
        return JournalLayout.FRAME_HEAD_LENGTH
                + JournalLayout.contentLength(protocols[protocol].length, frameLength)
                + TAG_LENGTH;
    }

    /**
     * Seals a frame.
     *
     * @param deviceId       whose it is.
     * @param receivedTimeMs when it was received, milliseconds since 1970-01-01 UTC.
     * @param protocol       its protocol index.
     * @param frame          its bytes, from offset 0.
     * @param frameLength    how many.
     * @param target         where to.
     * @param offset         at which offset {@link #sealedLength} bytes are written.
     * @throws UncheckedIOException when the device's key cannot be read.
     */
    public void seal(
            final long deviceId,
            final long receivedTimeMs,
            final int protocol,
            final DirectBuffer frame,
            final int frameLength,
            final MutableDirectBuffer target,
            final int offset) {
        final DataKey key = keyOf(deviceId, JournalKeys.epochOf(receivedTimeMs, keyEpoch));
        nonces.advance();
        JournalLayout.putClear(
                target, offset, key.idHigh(), key.idLow(), key.epoch(), nonces.start(), nonces.count(), receivedTimeMs);
        target.getBytes(offset, clear);
        System.arraycopy(clear, NONCE, nonce, 0, NONCE_LENGTH);
        final int contentLength = JournalLayout.contentLength(protocols[protocol].length, frameLength);
        if (content.capacity() < contentLength) {
            content.wrap(new byte[2 * contentLength]);
            sealed = new byte[2 * contentLength + TAG_LENGTH];
        }
        JournalLayout.putContent(
                content,
                deviceId,
                utcOffsetsSeconds[protocol],
                areDatagrams[protocol],
                protocols[protocol],
                frame,
                0,
                frameLength);
        JournalLayout.putSealed(target, offset, sealed, encrypt(key, contentLength));
        count.lazySet(count.getPlain() + 1);
    }

    private int encrypt(final DataKey key, final int contentLength) {
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key.key(), new GCMParameterSpec(8 * TAG_LENGTH, nonce));
            cipher.updateAAD(clear);
            return cipher.doFinal(content.byteArray(), 0, contentLength, sealed, 0);
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM takes any content under a new nonce", e);
        }
    }

    private DataKey keyOf(final long deviceId, final int epoch) {
        final CachedKey cached = devices.of(deviceId);
        if (cached.key == null || cached.key.epoch() != epoch) {
            try {
                cached.key = keys.keyOf(deviceId, epoch, JournalKeys.endOf(epoch, keyEpoch));
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return cached.key;
    }

    /**
     * Frames sealed so far; any thread may ask.
     *
     * @return the count.
     */
    public long sealed() {
        return count.get();
    }
}
