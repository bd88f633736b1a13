// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.journal;

/** A data key as the key store keeps it. Its arrays are not copied: nobody changes them. */
final class WrappedKey {
    private final byte[] id;
    private final byte[] tag;
    private final int epoch;
    private final byte[] wrapped;
    private final long untilMs;

    /**
     * Holds a row.
     *
     * @param id      the key's number.
     * @param tag     the tag of its device.
     * @param epoch   its key epoch.
     * @param wrapped the key, wrapped.
     * @param untilMs when the epoch ends, milliseconds since 1970-01-01 UTC; 0 where that was not asked for.
     */
    WrappedKey(final byte[] id, final byte[] tag, final int epoch, final byte[] wrapped, final long untilMs) {
        this.id = id;
        this.tag = tag;
        this.epoch = epoch;
        this.wrapped = wrapped;
        this.untilMs = untilMs;
    }

    byte[] id() {
        return id;
    }

    byte[] tag() {
        return tag;
    }

    int epoch() {
        return epoch;
    }

    byte[] wrapped() {
        return wrapped;
    }

    long untilMs() {
        return untilMs;
    }
}
