// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The device's side of a protocol over one transport: writes logins and frames, reads answers.
 *
 * <p>To add a protocol: one class, and one line in {@link DeviceProtocols}. Owned by the simulator's loop; allocates
 * nothing per frame. Not thread safe.
 */
interface DeviceProtocol {
    /** {@link #answer}: the answer is not complete yet. */
    int NEED_MORE = 0;

    /** {@link #answer}: no answer of this protocol can begin here. */
    int MALFORMED = -1;

    /**
     * Whether devices say who they are before their first frame, and wait for the welcome.
     *
     * @return false for datagrams that name their device each.
     */
    boolean hasLogin();

    /**
     * Whether an acknowledgement says which frame it is for. Where it does not, a device whose acknowledgement is
     * overdue must start a new connection to send again: the late one would count for the frame after.
     *
     * @return true when {@link DeviceAnswer#serial} is set.
     */
    boolean acknowledgementNamesFrame();

    /**
     * An upper bound of what {@link #login} and {@link #frame} write.
     *
     * @param records in a frame, at least 1, as many as {@link DeviceProtocols} allows.
     * @return bytes.
     */
    int maxFrameLength(int records);

    /**
     * Turns a fix into what will come back from the wire.
     *
     * @param fix its time and place are rounded.
     */
    void quantize(Fix fix);

    /**
     * Writes a login.
     *
     * @param buffer to write to, from 0 on.
     * @param imei   who.
     * @return the length in bytes.
     */
    int login(MutableDirectBuffer buffer, long imei);

    /**
     * Writes a frame.
     *
     * @param buffer to write to, from 0 on.
     * @param imei   who.
     * @param serial the frame's number on this device; its low bits are used, as many as the wire has.
     * @param fixes  quantized.
     * @param count  how many of them, at least 1, as many as {@link DeviceProtocols} allows.
     * @return the length in bytes.
     */
    int frame(MutableDirectBuffer buffer, long imei, int serial, Fix[] fixes, int count);

    /**
     * Reads one answer of the target.
     *
     * @param buffer   the bytes.
     * @param offset   where the answer begins.
     * @param length   how many bytes there are from the offset on.
     * @param loggedIn whether the device was welcomed on this connection.
     * @param out      what the answer said.
     * @return how many bytes it has; {@link #NEED_MORE}; or {@link #MALFORMED}.
     */
    int answer(DirectBuffer buffer, int offset, int length, boolean loggedIn, DeviceAnswer out);
}
