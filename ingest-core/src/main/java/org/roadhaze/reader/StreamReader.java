// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.reader;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.anonymizer.mechanism.CellSystem;
import org.roadhaze.position.Attribute;
import org.roadhaze.stream.DocumentChecksum;
import org.roadhaze.stream.DocumentLayout;
import org.roadhaze.stream.DocumentTailer;
import org.roadhaze.stream.StreamFiles;
import org.roadhaze.stream.sbe.MessageHeaderDecoder;
import org.roadhaze.stream.sbe.ReleasedDecoder;

/**
 * Reads a stream record by record, while the engine writes or after it.
 *
 * <pre>{@code
 * try (StreamReader reader = StreamReader.open(Path.of("data"), "traffic")) {
 *     while (reader.next()) {
 *         System.out.println(reader.time() + " " + reader.latitude() + " " + reader.longitude());
 *     }
 * }
 * }</pre>
 *
 * <p>The getters speak of the record that the last {@link #next} moved to. What the stream's policy does not let out is
 * absent: {@code has...} says so, and the getter throws {@link NoSuchElementException}. Not thread safe.
 */
public final class StreamReader implements AutoCloseable {
    private static final double E7 = 1e-7;

    private final DocumentTailer tailer;
    private final ExpandableArrayBuffer document = new ExpandableArrayBuffer(4096);
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final DocumentChecksum checksum = new DocumentChecksum();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final ReleasedDecoder released = new ReleasedDecoder();
    private ReleasedDecoder.RecordsDecoder record;
    private String policyVersion = "";
    private long unreadable;
    private int attributeCount;
    private int[] attributeKeys = new int[16];
    private long[] attributeValues = new long[16];

    private StreamReader(final DocumentTailer tailer) {
        this.tailer = tailer;
    }

    /**
     * Opens a stream at its first record.
     *
     * @param data   the engine's data directory.
     * @param stream the stream's name.
     * @return the reader.
     * @throws NoSuchElementException when there is no such stream there.
     * @throws IllegalStateException  when this JVM was started without the flags that Chronicle Queue needs.
     */
    public static StreamReader open(final Path data, final String stream) {
        final Path queue = StreamFiles.queue(data, stream);
        if (!Files.isDirectory(queue)) {
            throw new NoSuchElementException("no stream '" + stream + "' under " + data);
        }
        // Chronicle maps its files by this package; without it, it fails with an error that does not say how to mend
        // it.
        if (!Object.class.getModule().isOpen("sun.nio.ch", StreamReader.class.getModule())) {
            throw new IllegalStateException("Chronicle Queue needs the JVM's flags of the file jvm.options, such as"
                    + " --add-opens=java.base/sun.nio.ch=ALL-UNNAMED: start with java @jvm.options, the file lies in the"
                    + " distribution and in deploy/");
        }
        return new StreamReader(new DocumentTailer(queue));
    }

    /**
     * Leaves out what is there already: the next record will be one that is released from now on.
     *
     * @return this.
     */
    public StreamReader toEnd() {
        tailer.toEnd();
        record = null;
        return this;
    }

    /**
     * Where the last document stands that is there now.
     *
     * @return its queue index; -1 when there is none.
     */
    public long lastIndex() {
        return tailer.lastIndex();
    }

    /**
     * Where the record's document stands.
     *
     * @return its queue index, for {@link ReaderLag}; -1 before the first.
     */
    public long index() {
        return tailer.index();
    }

    /**
     * Moves to the next record.
     *
     * @return false when there is none now; a later call may find one.
     * @throws JournalStreamException when the stream is a journal.
     */
    public boolean next() {
        while (record == null || !record.hasNext()) {
            final int length = tailer.read(document);
            if (length < 0) {
                record = null;
                return false;
            }
            if (!open(length)) {
                record = null;
                unreadable++;
            }
        }
        record.next();
        readAttributes();
        return true;
    }

    /**
     * The policy version stands behind the records, so they are walked over once before they are read. A document whose
     * check sum is wrong, whose head is another's, or whose parts do not add up to its length, is not as it was written:
     * nothing of it is shown.
     */
    private boolean open(final int length) {
        if (!checksum.isRight(document, length)) {
            return false;
        }
        view.wrap(document, 0, length);
        header.wrap(view, 0);
        if (DocumentLayout.of(header) == DocumentLayout.JOURNAL) {
            throw new JournalStreamException();
        }
        if (header.templateId() != ReleasedDecoder.TEMPLATE_ID || header.schemaId() != ReleasedDecoder.SCHEMA_ID) {
            return false;
        }
        try {
            released.wrapAndApplyHeader(view, 0, header);
            for (final ReleasedDecoder.RecordsDecoder each : released.records()) {
                each.sbeSkip();
            }
            policyVersion = released.policyVersion();
            if (released.limit() != length) {
                return false;
            }
        } catch (final IndexOutOfBoundsException | IllegalArgumentException notWhole) {
            return false;
        }
        released.sbeRewind();
        record = released.records();
        return true;
    }

    /**
     * Documents that were passed over because they are not as they were written: torn by a power cut or a full disk, and
     * then never acknowledged, or flipped on the disk since. {@code roadhaze queue verify} says where they are. One whose
     * length is wrong hides all that lie behind it in its file: the reader then ends there, and goes no further.
     *
     * @return how many so far.
     */
    public long unreadableDocuments() {
        return unreadable + (tailer.isDamaged() ? 1 : 0);
    }

    private void readAttributes() {
        attributeCount = 0;
        for (final ReleasedDecoder.RecordsDecoder.AttributesDecoder attribute : record.attributes()) {
            if (attributeCount == attributeKeys.length) {
                attributeKeys = Arrays.copyOf(attributeKeys, 2 * attributeCount);
                attributeValues = Arrays.copyOf(attributeValues, 2 * attributeCount);
            }
            attributeKeys[attributeCount] = (int) attribute.key();
            attributeValues[attributeCount] = attribute.value();
            attributeCount++;
        }
    }

    public boolean hasPseudonym() {
        return record.pseudonym() != ReleasedDecoder.RecordsDecoder.pseudonymNullValue();
    }

    /**
     * The pseudonym, as 16 hexadecimal digits.
     *
     * @return the pseudonym of the device in this record's key epoch.
     */
    public String pseudonym() {
        require(hasPseudonym(), "pseudonym");
        return String.format("%016x", record.pseudonym());
    }

    public boolean hasTime() {
        return record.timeMs() != ReleasedDecoder.RecordsDecoder.timeMsNullValue();
    }

    /**
     * The event time, as coarse as the policy made it.
     *
     * @return milliseconds since 1970-01-01 UTC.
     */
    public long timeMs() {
        require(hasTime(), "time");
        return record.timeMs();
    }

    /**
     * The event time, as coarse as the policy made it.
     *
     * @return the time.
     */
    public Instant time() {
        return Instant.ofEpochMilli(timeMs());
    }

    public boolean hasCoordinates() {
        return record.latitudeE7() != ReleasedDecoder.RecordsDecoder.latitudeE7NullValue();
    }

    /**
     * WGS 84 latitude.
     *
     * @return degrees scaled by 1e7.
     */
    public int latitudeE7() {
        require(hasCoordinates(), "coordinates");
        return record.latitudeE7();
    }

    /**
     * WGS 84 longitude.
     *
     * @return degrees scaled by 1e7.
     */
    public int longitudeE7() {
        require(hasCoordinates(), "coordinates");
        return record.longitudeE7();
    }

    /**
     * WGS 84 latitude.
     *
     * @return degrees.
     */
    public double latitude() {
        return latitudeE7() * E7;
    }

    /**
     * WGS 84 longitude.
     *
     * @return degrees.
     */
    public double longitude() {
        return longitudeE7() * E7;
    }

    public boolean hasCell() {
        return record.cell() != ReleasedDecoder.RecordsDecoder.cellNullValue();
    }

    /**
     * The cell, the way the tools of its system write it: 15 hexadecimal digits of H3, the token of S2, 16 digits of others.
     *
     * @return the cell that the fix lies in; of a record of a count, the cell that was counted.
     */
    public String cell() {
        require(hasCell(), "cell");
        return CellSystem.text(record.cell());
    }

    /**
     * Whose cell it is: of H3, of S2, or of one of the engine's own grids.
     *
     * @return the system.
     */
    public CellSystem cellSystem() {
        require(hasCell(), "cell");
        return CellSystem.of(record.cell());
    }

    /**
     * The cell as a number, which tells its system by its first four bits: for {@link CellSystem#s2Id} and the grids' own methods.
     *
     * @return its id.
     */
    public long cellId() {
        require(hasCell(), "cell");
        return record.cell();
    }

    /**
     * Where the document stands that the record is of, as {@code roadhaze queue verify} names it.
     *
     * @return its index in the queue.
     */
    public long documentIndex() {
        return tailer.index();
    }

    /**
     * Which policy let the record out.
     *
     * @return the version that the policy file stated.
     */
    public String policyVersion() {
        return policyVersion;
    }

    public int attributeCount() {
        return attributeCount;
    }

    /**
     * The key of an attribute.
     *
     * @param index in [0, {@link #attributeCount()}).
     * @return see {@link Attribute}.
     */
    public int attributeKey(final int index) {
        return attributeKeys[index];
    }

    /**
     * The value of an attribute.
     *
     * @param index in [0, {@link #attributeCount()}).
     * @return the integer in the attribute's scale.
     */
    public long attributeValue(final int index) {
        return attributeValues[index];
    }

    /**
     * The attributes by name, with their decimals applied; {@code bool} attributes as booleans, whole ones as longs.
     *
     * @return a new map in the record's order.
     */
    public Map<String, Object> attributes() {
        final Map<String, Object> named = new LinkedHashMap<>();
        for (int i = 0; i < attributeCount; i++) {
            named.put(Attribute.labelOf(attributeKeys[i]), Attribute.scaled(attributeKeys[i], attributeValues[i]));
        }
        return named;
    }

    private static void require(final boolean present, final String what) {
        if (!present) {
            throw new NoSuchElementException("the stream's policy lets no " + what + " out");
        }
    }

    @Override
    public void close() {
        tailer.close();
    }
}
