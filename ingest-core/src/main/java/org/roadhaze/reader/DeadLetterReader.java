// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.reader;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.anonymizer.key.KeyEncryptionKey;
import org.roadhaze.deadletter.DeadLetter;
import org.roadhaze.deadletter.DeadLetterFile;
import org.roadhaze.journal.FrameOpener;
import org.roadhaze.journal.JournalKeys;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.protocol.FrameResult;
import org.roadhaze.stream.StreamFiles;

/**
 * Reads the frames that came to nothing and were kept, {@linkplain org.roadhaze.deadletter.DeadLetters as they are}, with the
 * key-encryption key of the journals; an engine may be running.
 *
 * <p>The getters speak of the letter that the last {@link #next} moved to; those of what is sealed throw {@link
 * NoSuchElementException} unless the {@link #answer} is {@link FrameOpener.Answer#OPEN}. Not thread safe.
 */
public final class DeadLetterReader implements AutoCloseable {
    private final Iterator<DeadLetter> letters;
    private final JournalKeys keys;
    private final FrameOpener opener;
    private final OpenedFrame frame = new OpenedFrame();
    private DeadLetter letter;
    private FrameOpener.Answer answer;

    private DeadLetterReader(final Iterator<DeadLetter> letters, final JournalKeys keys) {
        this.letters = letters;
        this.keys = keys;
        opener = keys == null ? null : new FrameOpener(keys);
    }

    /** Where the key-encryption key comes from. */
    @FunctionalInterface
    public interface KeySource {
        /**
         * Reads it.
         *
         * @return the key.
         */
        KeyEncryptionKey key();
    }

    /**
     * Opens the letters of a data directory, as they are now.
     *
     * @param data the engine's data directory.
     * @param key  asked for when there are letters: without any there may be no key either.
     * @return the reader.
     * @throws org.roadhaze.anonymizer.key.KeyFileException when the key is missing, or not the one that they are sealed with.
     * @throws IOException when the letters, or the key store, cannot be read.
     */
    public static DeadLetterReader open(final Path data, final KeySource key) throws IOException {
        final Iterator<DeadLetter> letters =
                DeadLetterFile.read(StreamFiles.deadLetters(data)).iterator();
        return new DeadLetterReader(letters, letters.hasNext() ? JournalKeys.openExisting(data, key.key()) : null);
    }

    /**
     * Moves to the next letter, the oldest first.
     *
     * @return false when there is none.
     * @throws IOException when the key store cannot be read.
     */
    public boolean next() throws IOException {
        if (!letters.hasNext()) {
            return false;
        }
        letter = letters.next();
        answer = opener.open(new UnsafeBuffer(letter.sealed()), 0, letter.contentLength());
        if (answer == FrameOpener.Answer.OPEN) {
            frame.wrap(opener.content());
        }
        return true;
    }

    /**
     * Whether the frame is open, and why not.
     *
     * @return what became of it.
     */
    public FrameOpener.Answer answer() {
        return answer;
    }

    /**
     * Why the frame came to nothing.
     *
     * @return a result's label, what was wrong with its length, or what was thrown, and where.
     */
    public String why() {
        return letter.why();
    }

    /**
     * When the frame was received.
     *
     * @return milliseconds since 1970-01-01 UTC.
     */
    public long receivedTimeMs() {
        return letter.receivedTimeMs();
    }

    /**
     * How long the frame was; of what could not be cut, how many bytes there were.
     *
     * @return bytes; more than {@link #frame} has where it was longer than what is kept of one.
     */
    public int frameLength() {
        return letter.frameLength();
    }

    /**
     * Whose frame it is.
     *
     * @return the device's number, or {@link org.roadhaze.protocol.ProtocolDecoder#NO_DEVICE}.
     */
    public long deviceId() {
        return open().deviceId();
    }

    public String protocol() {
        return open().protocol();
    }

    public boolean isDatagram() {
        return open().isDatagram();
    }

    /**
     * The frame as it came, or its beginning.
     *
     * @return a copy of its bytes.
     */
    public byte[] frame() {
        return open().bytes();
    }

    /**
     * Decodes the frame once more. Whatever the decoder threw at it then, it throws again.
     *
     * @param batch takes the positions.
     * @return what the frame is.
     */
    public FrameResult decode(final PositionBatch batch) {
        return open().decode(receivedTimeMs(), batch);
    }

    private OpenedFrame open() {
        if (answer != FrameOpener.Answer.OPEN) {
            throw new NoSuchElementException("the frame is sealed: " + answer);
        }
        return frame;
    }

    @Override
    public void close() {
        if (keys != null) {
            keys.close();
        }
    }
}
