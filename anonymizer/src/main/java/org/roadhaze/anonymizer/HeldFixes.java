// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer;

import java.util.Arrays;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;

/**
 * Where a mechanism keeps candidates that it holds back: of each its device, time, place and segment, how far from a stop it
 * is known to be, and of its attributes those that a later step of the chain looks at. A held fix is known by a handle; a
 * mechanism links handles to lists of its own, and keeps a number of its own with each.
 * <pre>
 *   | device i64 | fix time i64 | latitude i32, longitude i32 | segment i64 | next i32, kind i32 | mark i64
 *   | stop distance i32, first of more i32 | attribute i64 ... |
 *   more: | next of more i32, key i32 | value i64 |
 * </pre>
 * 56 bytes and 8 for each attribute; what a fix has more than once of an attribute, two geofences entered at once say, takes
 * 16 more. Grows to its limit and allocates nothing after that. Not thread safe: one mechanism's.
 */
public final class HeldFixes {
    /** No handle. */
    public static final int NONE = -1;

    private static final int DEVICE = 0;
    private static final int TIME = 1;
    private static final int PLACE = 2;
    private static final int SEGMENT = 3;
    private static final int LINK = 4;
    private static final int MARK = 5;
    private static final int STOP_AND_MORE = 6;
    private static final int FIRST_ATTRIBUTE = 7;
    private static final int MORE_WIDTH = 2;
    private static final long ABSENT = Long.MIN_VALUE;
    private static final int INITIAL_FIXES = 1024;

    private final int[] attributes;
    private final int width;
    private final int limit;
    private final Candidate loaded = new Candidate();
    private final Position position = new Position();
    private long[] words;
    private int used;
    private int free = NONE;
    private int size;
    private long[] more = {};
    private int moreUsed;
    private int moreFree = NONE;

    /**
     * Makes an empty store.
     *
     * @param attributes keys of the attributes to keep, see {@link Attribute}.
     * @param limit      how many fixes at most, at least 1; and how many further values of attributes that a fix has more
     *                   than once.
     */
    public HeldFixes(final int[] attributes, final int limit) {
        this.attributes = attributes.clone();
        this.limit = limit;
        width = FIRST_ATTRIBUTE + attributes.length;
        words = new long[width * Math.min(INITIAL_FIXES, limit)];
    }

    /**
     * Bytes that one held fix takes that has no attribute twice.
     *
     * @return the length of an entry.
     */
    public int bytesPerFix() {
        return width * Long.BYTES;
    }

    public int size() {
        return size;
    }

    /**
     * Copies a candidate.
     *
     * @param candidate what to hold; its release must still be empty.
     * @return its handle, or {@link #NONE} when the store is full.
     */
    public int hold(final Candidate candidate) {
        final int handle = take();
        if (handle == NONE) {
            return NONE;
        }
        final Position held = candidate.position();
        final int at = handle * width;
        words[at + DEVICE] = held.deviceId();
        words[at + TIME] = held.fixTimeMs();
        words[at + PLACE] = pair(held.latitudeE7(), held.longitudeE7());
        words[at + SEGMENT] = candidate.segment();
        words[at + LINK] = pair(NONE, 0);
        words[at + MARK] = 0;
        words[at + STOP_AND_MORE] = pair(candidate.stopDistanceCm(), NONE);
        for (int i = 0; i < attributes.length; i++) {
            words[at + FIRST_ATTRIBUTE + i] = valueOf(held, attributes[i]);
        }
        if (held.attributeCount() > 1 && !holdMore(held, at)) {
            free(handle);
            return NONE;
        }
        return handle;
    }

    /** Keeps what the position has more than once, in its order; false when there is no room for it. */
    private boolean holdMore(final Position held, final int at) {
        for (int i = held.attributeCount() - 1; i > 0; i--) {
            final int key = held.attributeKey(i);
            if (isKept(key) && held.indexOfAttribute(key) < i) {
                final int one = takeMore();
                if (one == NONE) {
                    return false;
                }
                more[one * MORE_WIDTH] = pair(firstOfMore(at), key);
                more[one * MORE_WIDTH + 1] = held.attributeValue(i);
                words[at + STOP_AND_MORE] = pair((int) (words[at + STOP_AND_MORE] >>> 32), one);
            }
        }
        return true;
    }

    private boolean isKept(final int key) {
        for (final int kept : attributes) {
            if (kept == key) {
                return true;
            }
        }
        return false;
    }

    private int firstOfMore(final int at) {
        return (int) words[at + STOP_AND_MORE];
    }

    private int nextOfMore(final int one) {
        return (int) (more[one * MORE_WIDTH] >>> 32);
    }

    /**
     * A held candidate, as it was, with an empty release.
     *
     * @param handle its handle; stays taken.
     * @return the candidate, overwritten by the next call.
     */
    public Candidate load(final int handle) {
        final int at = handle * width;
        position.clear();
        position.deviceId(words[at + DEVICE])
                .fixTimeMs(words[at + TIME])
                .latitudeE7((int) (words[at + PLACE] >>> 32))
                .longitudeE7((int) words[at + PLACE]);
        for (int i = 0; i < attributes.length; i++) {
            final long value = words[at + FIRST_ATTRIBUTE + i];
            if (value != ABSENT) {
                put(attributes[i], value);
            }
        }
        for (int one = firstOfMore(at); one != NONE; one = nextOfMore(one)) {
            position.attribute((int) more[one * MORE_WIDTH], more[one * MORE_WIDTH + 1]);
        }
        loaded.reset(position).segment(words[at + SEGMENT]);
        loaded.stopDistanceCm((int) (words[at + STOP_AND_MORE] >>> 32));
        return loaded;
    }

    /**
     * Gives a handle back; nothing of the fix stays.
     *
     * @param handle the handle.
     * @return what it was linked to.
     */
    public int free(final int handle) {
        final int next = next(handle);
        freeMore(firstOfMore(handle * width));
        Arrays.fill(words, handle * width, (handle + 1) * width, 0);
        words[handle * width + LINK] = pair(free, 0);
        free = handle;
        size--;
        return next;
    }

    public long deviceId(final int handle) {
        return words[handle * width + DEVICE];
    }

    public long fixTimeMs(final int handle) {
        return words[handle * width + TIME];
    }

    public int latitudeE7(final int handle) {
        return (int) (words[handle * width + PLACE] >>> 32);
    }

    public int longitudeE7(final int handle) {
        return (int) words[handle * width + PLACE];
    }

    /**
     * The handle that this one is linked to.
     *
     * @param handle a taken one.
     * @return the other, or {@link #NONE}, as it is at first.
     */
    public int next(final int handle) {
        return (int) (words[handle * width + LINK] >>> 32);
    }

    public void next(final int handle, final int other) {
        words[handle * width + LINK] = pair(other, kind(handle));
    }

    /**
     * A number of the mechanism's own, 0 at first.
     *
     * @param handle a taken one.
     * @return the number.
     */
    public int kind(final int handle) {
        return (int) words[handle * width + LINK];
    }

    public void kind(final int handle, final int value) {
        words[handle * width + LINK] = pair(next(handle), value);
    }

    /**
     * Another number of the mechanism's own, 0 at first.
     *
     * @param handle a taken one.
     * @return the number.
     */
    public long mark(final int handle) {
        return words[handle * width + MARK];
    }

    public void mark(final int handle, final long value) {
        words[handle * width + MARK] = value;
    }

    /**
     * Which of two comes first: the one with the smaller time, device, place or attributes, in that order. Two that are alike
     * in all that is held are equal.
     *
     * @param handle a taken one.
     * @param other  another.
     * @return negative, 0 or positive.
     */
    public int compare(final int handle, final int other) {
        final int at = handle * width;
        final int otherAt = other * width;
        int order = Long.compare(words[at + TIME], words[otherAt + TIME]);
        order = order != 0 ? order : Long.compare(words[at + DEVICE], words[otherAt + DEVICE]);
        order = order != 0 ? order : Long.compare(words[at + PLACE], words[otherAt + PLACE]);
        for (int i = FIRST_ATTRIBUTE; order == 0 && i < width; i++) {
            order = Long.compare(words[at + i], words[otherAt + i]);
        }
        return order != 0 ? order : compareMore(firstOfMore(at), firstOfMore(otherAt));
    }

    private int compareMore(final int first, final int otherFirst) {
        int one = first;
        int other = otherFirst;
        int order = 0;
        while (order == 0 && one != NONE && other != NONE) {
            order = Integer.compare((int) more[one * MORE_WIDTH], (int) more[other * MORE_WIDTH]);
            order = order != 0 ? order : Long.compare(more[one * MORE_WIDTH + 1], more[other * MORE_WIDTH + 1]);
            one = nextOfMore(one);
            other = nextOfMore(other);
        }
        return order != 0 ? order : Boolean.compare(one != NONE, other != NONE);
    }

    private void freeMore(final int first) {
        for (int one = first; one != NONE; ) {
            final int next = nextOfMore(one);
            more[one * MORE_WIDTH] = pair(moreFree, 0);
            more[one * MORE_WIDTH + 1] = 0;
            moreFree = one;
            one = next;
        }
    }

    private int takeMore() {
        if (moreFree != NONE) {
            final int one = moreFree;
            moreFree = nextOfMore(one);
            return one;
        }
        if (moreUsed == limit) {
            return NONE;
        }
        if (moreUsed * MORE_WIDTH == more.length) {
            final long length = Math.max(INITIAL_FIXES, 2L * more.length);
            more = Arrays.copyOf(more, (int) Math.min((long) limit * MORE_WIDTH, length));
        }
        return moreUsed++;
    }

    private int take() {
        if (free != NONE) {
            final int handle = free;
            free = next(handle);
            size++;
            return handle;
        }
        if (used == limit) {
            return NONE;
        }
        if ((used + 1) * width > words.length) {
            words = Arrays.copyOf(words, (int) Math.min((long) limit * width, 2L * words.length));
        }
        size++;
        return used++;
    }

    private static long pair(final int high, final int low) {
        return (long) high << 32 | (low & 0xFFFF_FFFFL);
    }

    private static long valueOf(final Position from, final int key) {
        if (key == Attribute.SPEED.key()) {
            return orAbsent(from.speedCmPerSec());
        }
        if (key == Attribute.COURSE.key()) {
            return orAbsent(from.courseCdeg());
        }
        if (key == Attribute.ALTITUDE.key()) {
            return orAbsent(from.altitudeCm());
        }
        if (key == Attribute.SATELLITES.key()) {
            return orAbsent(from.satellites());
        }
        if (key == Attribute.HDOP.key()) {
            return orAbsent(from.hdopCenti());
        }
        final int index = from.indexOfAttribute(key);
        return index < 0 ? ABSENT : from.attributeValue(index);
    }

    private static long orAbsent(final int value) {
        return value == Position.UNKNOWN ? ABSENT : value;
    }

    private void put(final int key, final long value) {
        if (key == Attribute.SPEED.key()) {
            position.speedCmPerSec((int) value);
        } else if (key == Attribute.COURSE.key()) {
            position.courseCdeg((int) value);
        } else if (key == Attribute.ALTITUDE.key()) {
            position.altitudeCm((int) value);
        } else if (key == Attribute.SATELLITES.key()) {
            position.satellites((int) value);
        } else if (key == Attribute.HDOP.key()) {
            position.hdopCenti((int) value);
        } else {
            position.attribute(key, value);
        }
    }
}
