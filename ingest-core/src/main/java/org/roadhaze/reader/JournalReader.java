// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.reader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import org.agrona.CloseHelper;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.anonymizer.key.KeyEncryptionKey;
import org.roadhaze.journal.FrameOpener;
import org.roadhaze.journal.JournalKeys;
import org.roadhaze.journal.KeyProvision;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.protocol.FrameResult;
import org.roadhaze.stream.DocumentChecksum;
import org.roadhaze.stream.DocumentTailer;
import org.roadhaze.stream.StreamFiles;
import org.roadhaze.stream.sbe.journal.MessageHeaderDecoder;
import org.roadhaze.stream.sbe.journal.SealedFramesDecoder;

/**
 * Reads a journal frame by frame, while the engine writes or after it, with the key-encryption key.
 *
 * <pre>{@code
 * try (JournalReader reader = JournalReader.open(Path.of("data"), "evidence")) {
 *     while (reader.next()) {
 *         System.out.println(reader.answer() == FrameOpener.Answer.OPEN ? reader.deviceId() : reader.answer());
 *     }
 * }
 * }</pre>
 *
 * <p>A wrong key-encryption key is refused when the reader is opened. A frame whose data key was destroyed, and one that
 * somebody altered, are answers of their own; the getters of what is sealed throw {@link NoSuchElementException} then.
 *
 * <p>The getters speak of the frame that the last {@link #next} moved to. Not thread safe.
 */
public final class JournalReader implements AutoCloseable {
    private final DocumentTailer tailer;
    private final FrameOpener opener;
    private final ExpandableArrayBuffer document = new ExpandableArrayBuffer(4096);
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final DocumentChecksum checksum = new DocumentChecksum();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SealedFramesDecoder documentDecoder = new SealedFramesDecoder();
    private final OpenedFrame frame = new OpenedFrame();
    private SealedFramesDecoder.FramesDecoder frames;
    private FrameOpener.Answer answer;
    private String policyVersion = "";
    private long unreadable;

    private final AutoCloseable ownKeys;
    private int sealedOffset;
    private int sealedLength;

    private JournalReader(final DocumentTailer tailer, final JournalKeys keys, final AutoCloseable ownKeys) {
        this.tailer = tailer;
        this.ownKeys = ownKeys;
        opener = new FrameOpener(keys);
    }

    /**
     * Opens a journal at its first frame, with the key from the environment variable
     * {@value org.roadhaze.journal.KeyProvision#VARIABLE} or from the key file in the data directory.
     *
     * @param data   the engine's data directory.
     * @param stream the journal's name.
     * @return the reader.
     * @throws NoSuchElementException                          when there is no such stream there.
     * @throws org.roadhaze.anonymizer.key.KeyFileException when there is no key, or it is not that of this journal.
     * @throws IOException                                     when the key store cannot be read.
     */
    public static JournalReader open(final Path data, final String stream) throws IOException {
        return open(data, stream, KeyProvision.forReader(data, null));
    }

    /**
     * Opens a journal at its first frame.
     *
     * @param data   the engine's data directory.
     * @param stream the journal's name.
     * @param key    the key-encryption key.
     * @return the reader.
     * @throws NoSuchElementException                          when there is no such stream there.
     * @throws org.roadhaze.anonymizer.key.KeyFileException when the key is not that of this journal.
     * @throws IOException                                     when the key store cannot be read.
     */
    public static JournalReader open(final Path data, final String stream, final KeyEncryptionKey key)
            throws IOException {
        final Path queue = StreamFiles.queue(data, stream);
        if (!Files.isDirectory(queue)) {
            throw new NoSuchElementException("no stream '" + stream + "' under " + data);
        }
        final JournalKeys keys = JournalKeys.openExisting(data, key);
        boolean opened = false;
        try {
            final JournalReader reader = new JournalReader(new DocumentTailer(queue), keys, keys);
            opened = true;
            return reader;
        } finally {
            if (!opened) {
                keys.close();
            }
        }
    }

    /**
     * Opens a journal at its first frame, for the engine that writes it.
     *
     * @param data   the engine's data directory.
     * @param stream the journal's name; its queue is there.
     * @param keys   its keys, which stay open.
     * @return the reader.
     */
    public static JournalReader openWith(final Path data, final String stream, final JournalKeys keys) {
        return new JournalReader(new DocumentTailer(StreamFiles.queue(data, stream)), keys, () -> {});
    }

    /**
     * The starts of the hours of which there are frames.
     *
     * @return milliseconds since 1970-01-01 UTC, the oldest first.
     * @throws IOException when the directory cannot be read.
     */
    public List<Long> fileTimesMs() throws IOException {
        return tailer.fileTimesMs();
    }

    /**
     * Moves before the first frame that was not written before a time, or up to an hour further back.
     *
     * @param timeMs milliseconds since 1970-01-01 UTC.
     * @return whether there is no frame before it.
     * @throws IOException when the directory cannot be read.
     */
    public boolean toFileOf(final long timeMs) throws IOException {
        frames = null;
        return tailer.toFileOf(timeMs);
    }

    /**
     * Moves to the next frame, and opens it.
     *
     * @return false when there is none now; a later call may find one.
     * @throws IOException when the key store cannot be read.
     */
    public boolean next() throws IOException {
        if (!nextSealed()) {
            return false;
        }
        open();
        return true;
    }

    /**
     * Opens the frame that {@link #nextSealed} moved to.
     *
     * @throws IOException when the key store cannot be read.
     */
    public void open() throws IOException {
        answer = opener.open(view, sealedOffset, sealedLength);
        if (answer == FrameOpener.Answer.OPEN) {
            frame.wrap(opener.content());
        }
    }

    /**
     * Moves to the next frame and leaves it sealed: {@link #answer} speaks of one before.
     *
     * @return false when there is none now; a later call may find one.
     */
    public boolean nextSealed() {
        while (frames == null || !frames.hasNext()) {
            final int length = tailer.read(document);
            if (length < 0) {
                frames = null;
                return false;
            }
            if (!open(length)) {
                frames = null;
                unreadable++;
            }
        }
        sealedOffset = documentDecoder.limit();
        frames.next();
        sealedLength = frames.sealedContentLength();
        frames.skipSealedContent();
        return true;
    }

    /** A document that is not as it was written, by its check sum, its head or its length, is passed over. */
    private boolean open(final int length) {
        if (!checksum.isRight(document, length)) {
            return false;
        }
        view.wrap(document, 0, length);
        header.wrap(view, 0);
        if (header.templateId() != SealedFramesDecoder.TEMPLATE_ID
                || header.schemaId() != SealedFramesDecoder.SCHEMA_ID) {
            return false;
        }
        try {
            documentDecoder.wrapAndApplyHeader(view, 0, header);
            for (final SealedFramesDecoder.FramesDecoder each : documentDecoder.frames()) {
                each.sbeSkip();
            }
            policyVersion = documentDecoder.policyVersion();
            if (documentDecoder.limit() != length) {
                return false;
            }
        } catch (final IndexOutOfBoundsException | IllegalArgumentException notWhole) {
            return false;
        }
        documentDecoder.sbeRewind();
        frames = documentDecoder.frames();
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
     * Where the frame's document stands.
     *
     * @return its queue index.
     */
    public long index() {
        return tailer.index();
    }

    /**
     * Where the frame's document lies, as {@link org.roadhaze.stream.StreamAppender#lastDocument} has it.
     *
     * @return its place.
     */
    public long place() {
        return tailer.place();
    }

    /**
     * When the frame was received; in the clear.
     *
     * @return milliseconds since 1970-01-01 UTC.
     */
    public long receivedTimeMs() {
        return frames.receivedTimeMs();
    }

    /**
     * When the frame was received; in the clear.
     *
     * @return the time.
     */
    public Instant receivedTime() {
        return Instant.ofEpochMilli(receivedTimeMs());
    }

    /**
     * The nonce that it is sealed with, which no other frame has; in the clear.
     *
     * @return the start's number and the count, as two decimal numbers.
     */
    public String nonce() {
        return frames.nonceStart() + ":" + frames.nonceCount();
    }

    /**
     * Whose frame it is.
     *
     * @return the device's number; the IMEI of trackers that have one.
     */
    public long deviceId() {
        requireOpen();
        return frame.deviceId();
    }

    /**
     * In which protocol it is.
     *
     * @return its name, as configuration spells it.
     */
    public String protocol() {
        requireOpen();
        return frame.protocol();
    }

    /**
     * Whether it came over UDP.
     *
     * @return false for TCP.
     */
    public boolean isDatagram() {
        requireOpen();
        return frame.isDatagram();
    }

    /**
     * The frame as it was received.
     *
     * @return a copy of its bytes.
     */
    public byte[] frame() {
        requireOpen();
        return frame.bytes();
    }

    /**
     * Which policy kept the frame.
     *
     * @return the version that the policy file stated.
     */
    public String policyVersion() {
        return policyVersion;
    }

    /**
     * Decodes the frame as the engine did: the same bytes, time of receipt and time zone, and so the same positions.
     *
     * @param batch takes the positions, with device and received time, judged.
     * @return what the frame is.
     * @throws NoSuchElementException when the frame is not open, or its protocol is not known here.
     */
    public FrameResult decode(final PositionBatch batch) {
        requireOpen();
        return frame.decode(receivedTimeMs(), batch);
    }

    /**
     * Decodes the frame, and judges nothing: the positions are as the engine's decoder gave them.
     *
     * @param batch takes the positions, with device and received time.
     * @return what the frame is.
     * @throws NoSuchElementException when the frame is not open, or its protocol is not known here.
     */
    public FrameResult decodeAsReceived(final PositionBatch batch) {
        requireOpen();
        return frame.decodeAsReceived(receivedTimeMs(), batch);
    }

    private void requireOpen() {
        if (answer != FrameOpener.Answer.OPEN) {
            throw new NoSuchElementException("the frame is sealed: " + answer);
        }
    }

    /**
     * Documents that were passed over because they are not as they were written. {@code roadhaze queue verify} says where
     * they are.
     *
     * @return how many so far.
     */
    public long unreadableDocuments() {
        return unreadable;
    }

    @Override
    public void close() {
        tailer.close();
        CloseHelper.close(ownKeys);
    }
}
