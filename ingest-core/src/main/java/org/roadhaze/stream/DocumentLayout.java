// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.roadhaze.stream.sbe.MessageHeaderDecoder;
import org.roadhaze.stream.sbe.ReleasedDecoder;
import org.roadhaze.stream.sbe.journal.SealedFramesDecoder;

/**
 * What the documents of a queue hold. All layouts have the check sum at one place, records that are self-contained runs of
 * bytes, and the policy version as their tail, so that writing, recovery and verification are the same for all.
 */
public enum DocumentLayout {
    /** Records that a chain released: {@code release.xml}. */
    RELEASES(ReleasedDecoder.SCHEMA_ID, ReleasedDecoder.TEMPLATE_ID, ReleaseLayout.HEAD_LENGTH) {
        @Override
        void putHead(final MutableDirectBuffer buffer, final long policyHash, final int records) {
            ReleaseLayout.putHead(buffer, policyHash, records);
        }

        @Override
        int records(final DirectBuffer document, final MessageHeaderDecoder header) {
            return new ReleasedDecoder()
                    .wrapAndApplyHeader(document, 0, header)
                    .records()
                    .count();
        }
    },
    /** Frames, sealed: {@code journal.xml}. */
    JOURNAL(SealedFramesDecoder.SCHEMA_ID, SealedFramesDecoder.TEMPLATE_ID, JournalLayout.HEAD_LENGTH) {
        @Override
        void putHead(final MutableDirectBuffer buffer, final long policyHash, final int records) {
            JournalLayout.putHead(buffer, policyHash, records);
        }

        @Override
        int records(final DirectBuffer document, final MessageHeaderDecoder header) {
            return new SealedFramesDecoder()
                    .wrap(document, header.encodedLength(), header.blockLength(), header.version())
                    .frames()
                    .count();
        }
    };

    private static final DocumentLayout[] ALL = values();

    private final int schemaId;
    private final int templateId;
    private final int headLength;

    DocumentLayout(final int schemaId, final int templateId, final int headLength) {
        this.schemaId = schemaId;
        this.templateId = templateId;
        this.headLength = headLength;
    }

    /** Bytes of a document before its first record. */
    int headLength() {
        return headLength;
    }

    /** Writes the head of a document at offset 0, but for its check sum. */
    abstract void putHead(MutableDirectBuffer buffer, long policyHash, int records);

    /** How many records a document of this layout says that it has. */
    abstract int records(DirectBuffer document, MessageHeaderDecoder header);

    /**
     * The layout of a document.
     *
     * @param header its header.
     * @return null when it is none of ours.
     */
    public static DocumentLayout of(final MessageHeaderDecoder header) {
        for (final DocumentLayout layout : ALL) {
            if (header.schemaId() == layout.schemaId && header.templateId() == layout.templateId) {
                return layout;
            }
        }
        return null;
    }
}
