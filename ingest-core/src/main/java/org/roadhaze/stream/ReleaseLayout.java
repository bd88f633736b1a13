// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.stream.sbe.GroupSizeEncodingEncoder;
import org.roadhaze.stream.sbe.MessageHeaderEncoder;
import org.roadhaze.stream.sbe.ReleasedEncoder;

/**
 * Writes releases as the schema {@code release.xml} lays them out.
 *
 * <p>A worker writes records as they are released, without knowing which document they will end in; the persist handler
 * puts a document's head before any number of them and its tail behind. In SBE a record of a group is a self-contained
 * run of bytes, so that concatenating them is encoding them. Offsets come from the generated code.
 *
 * <p>Stateless: safe for use by many threads.
 */
public final class ReleaseLayout {
    /** Bytes of a document before its first record. */
    public static final int HEAD_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH
            + ReleasedEncoder.BLOCK_LENGTH
            + GroupSizeEncodingEncoder.ENCODED_LENGTH;

    /** The most records that a document can hold. */
    public static final int MAX_RECORDS = 65_534;

    /** The longest policy version. */
    public static final int MAX_VERSION_LENGTH = 254;

    /** Where the check sum of a document is. */
    static final int CHECKSUM = MessageHeaderEncoder.ENCODED_LENGTH + ReleasedEncoder.checksumEncodingOffset();

    private static final int RECORD_BLOCK = ReleasedEncoder.RecordsEncoder.sbeBlockLength();
    private static final int ATTRIBUTE_BLOCK = ReleasedEncoder.RecordsEncoder.AttributesEncoder.sbeBlockLength();
    private static final int GROUP_HEADER = GroupSizeEncodingEncoder.ENCODED_LENGTH;

    private static final int PSEUDONYM = ReleasedEncoder.RecordsEncoder.pseudonymEncodingOffset();
    private static final int TIME = ReleasedEncoder.RecordsEncoder.timeMsEncodingOffset();
    private static final int LATITUDE = ReleasedEncoder.RecordsEncoder.latitudeE7EncodingOffset();
    private static final int LONGITUDE = ReleasedEncoder.RecordsEncoder.longitudeE7EncodingOffset();
    private static final int CELL = ReleasedEncoder.RecordsEncoder.cellEncodingOffset();
    private static final int ATTRIBUTE_KEY = ReleasedEncoder.RecordsEncoder.AttributesEncoder.keyEncodingOffset();
    private static final int ATTRIBUTE_VALUE = ReleasedEncoder.RecordsEncoder.AttributesEncoder.valueEncodingOffset();

    private ReleaseLayout() {}

    /**
     * How many bytes a record takes.
     *
     * @param release the record.
     * @return the length.
     */
    public static int recordLength(final Release release) {
        return RECORD_BLOCK + GROUP_HEADER + release.attributeCount() * ATTRIBUTE_BLOCK;
    }

    /**
     * Writes one record. The null values of {@link Release} are those of the schema (a test holds them together).
     *
     * @param buffer  where to.
     * @param offset  at which offset.
     * @param release the record.
     */
    public static void putRecord(final MutableDirectBuffer buffer, final int offset, final Release release) {
        buffer.putLong(offset + PSEUDONYM, release.pseudonym(), LITTLE_ENDIAN);
        buffer.putLong(offset + TIME, release.timeMs(), LITTLE_ENDIAN);
        buffer.putInt(offset + LATITUDE, release.latitudeE7(), LITTLE_ENDIAN);
        buffer.putInt(offset + LONGITUDE, release.longitudeE7(), LITTLE_ENDIAN);
        buffer.putLong(offset + CELL, release.cell(), LITTLE_ENDIAN);
        final int attributes = release.attributeCount();
        int at = offset + RECORD_BLOCK;
        buffer.putShort(at, (short) ATTRIBUTE_BLOCK, LITTLE_ENDIAN);
        buffer.putShort(at + 2, (short) attributes, LITTLE_ENDIAN);
        at += GROUP_HEADER;
        for (int i = 0; i < attributes; i++, at += ATTRIBUTE_BLOCK) {
            buffer.putInt(at + ATTRIBUTE_KEY, release.attributeKey(i), LITTLE_ENDIAN);
            buffer.putLong(at + ATTRIBUTE_VALUE, release.attributeValue(i), LITTLE_ENDIAN);
        }
    }

    /**
     * Writes the head of a document at offset 0, but for its check sum: see {@link DocumentChecksum}.
     *
     * @param buffer     where to.
     * @param policyHash see the schema.
     * @param records    how many records follow, in [0, {@link #MAX_RECORDS}].
     */
    public static void putHead(final MutableDirectBuffer buffer, final long policyHash, final int records) {
        buffer.putShort(0, (short) ReleasedEncoder.BLOCK_LENGTH, LITTLE_ENDIAN);
        buffer.putShort(2, (short) ReleasedEncoder.TEMPLATE_ID, LITTLE_ENDIAN);
        buffer.putShort(4, (short) ReleasedEncoder.SCHEMA_ID, LITTLE_ENDIAN);
        buffer.putShort(6, (short) ReleasedEncoder.SCHEMA_VERSION, LITTLE_ENDIAN);
        final int block = MessageHeaderEncoder.ENCODED_LENGTH;
        buffer.putLong(block + ReleasedEncoder.policyHashEncodingOffset(), policyHash, LITTLE_ENDIAN);
        final int group = block + ReleasedEncoder.BLOCK_LENGTH;
        buffer.putShort(group, (short) RECORD_BLOCK, LITTLE_ENDIAN);
        buffer.putShort(group + 2, (short) records, LITTLE_ENDIAN);
    }

    /**
     * Writes the tail of a document.
     *
     * @param buffer  where to.
     * @param offset  behind the last record.
     * @param version the policy version in ASCII, at most {@link #MAX_VERSION_LENGTH} bytes.
     * @return the length of the tail.
     */
    public static int putTail(final MutableDirectBuffer buffer, final int offset, final byte[] version) {
        buffer.putByte(offset, (byte) version.length);
        buffer.putBytes(offset + 1, version);
        return 1 + version.length;
    }
}
