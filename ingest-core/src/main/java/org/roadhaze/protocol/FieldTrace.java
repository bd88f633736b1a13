// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

/**
 * Told by a decoder about every field it reads, for {@code roadhaze decode} to show. The decoders of the engine have
 * none ({@code null}); the same code then explains a frame that also decodes it in production.
 */
public interface FieldTrace {
    /**
     * A numeric field.
     *
     * @param offset from the start of the frame.
     * @param length in bytes.
     * @param name   as the maker's document calls it.
     * @param value  as on the wire.
     * @param unit   the wire's unit, with its scale ({@code 1e-7 deg}), or an empty string.
     */
    void field(int offset, int length, String name, long value, String unit);

    /**
     * A text or binary field.
     *
     * @param offset from the start of the frame.
     * @param length in bytes.
     * @param name   as the maker's document calls it.
     */
    void bytes(int offset, int length, String name);

    /**
     * Something worth saying about a place in the frame: what is wrong there, or what a value means.
     *
     * @param offset from the start of the frame.
     * @param text   the remark.
     */
    void remark(int offset, String text);
}
