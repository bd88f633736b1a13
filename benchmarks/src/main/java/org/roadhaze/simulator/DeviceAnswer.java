// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

/** What one answer of the target said. Reused. */
final class DeviceAnswer {
    /** {@link #serial}, {@link #records}: the answer does not say. */
    static final int NOT_SAID = -1;

    /** Kinds of answers. */
    enum Kind {
        WELCOME,
        REFUSED_LOGIN,
        ACKNOWLEDGEMENT,
        /** Not an answer to anything that was asked: passed over. */
        OTHER
    }

    Kind kind = Kind.OTHER;
    /** The low 16 bits of the frame's number, or {@link #NOT_SAID}. */
    int serial;
    /** How many records the target took, or {@link #NOT_SAID} where taking a frame is taking all of it. */
    int records;

    void set(final Kind newKind, final int newSerial, final int newRecords) {
        kind = newKind;
        serial = newSerial;
        records = newRecords;
    }
}
