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
 *   | device i64, or next free | fix time i64 | latitude i32, longitude i32 | attribute i64 ... |
 *   with links:    | next i32, kind i32 | mark i64 |
 *   with findings: | segment i64 | stop distance i32, first of more i32 |
 *   more: | next of more i32, key i32 | value i64 |
 * </pre>
 * 24 bytes and 8 for each attribute. Links take 16 more, in all fixes, from the first time on that the mechanism sets one; so
 * do findings from the first fix on that has one: a segment, a stop distance, or an attribute more than once, two geofences
 * entered at once say, which takes 16 more of its own. Grows by an eighth to its limit and allocates nothing after that. Not thread
 * safe: one mechanism's.
 */
public final class HeldFixes {
    /** No handle. */
    public static final int NONE = -1;

    private static final int DEVICE = 0;
    private static final int TIME = 1;
    private static final int PLACE = 2;
    private static final int FIRST_ATTRIBUTE = 3;
    private static final int LINK = 0;
    private static final int MARK = 1;
    private static final int SEGMENT = 0;
    private static final int STOP_AND_MORE = 1;
    private static final int PART_WIDTH = 2;
    private static final int ABSENT_PART = -1;
    private static final int MORE_WIDTH = 2;
    private static final int PAGE_BITS = 10;
    private static final int PAGE_FIXES = 1 << PAGE_BITS;
    private static final long NO_LINK = pair(NONE, 0);
    private static final long NO_STOP_NOR_MORE = pair(0, NONE);

    private final int[] attributes;
    private final int limit;
    private final Candidate loaded = new Candidate();
    private final Position position = new Position();
    /** Words of an entry, and where in it the links and the findings are, or that it has none. */
    private int width;

    private int links = ABSENT_PART;
    private int findings = ABSENT_PART;
    private long[][] pages;
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
        pages = new long[1][width * Math.min(PAGE_FIXES, limit)];
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
        final Position held = candidate.position();
        if (findings == ABSENT_PART
                && (candidate.segment() != Candidate.NO_SEGMENT || candidate.stopDistanceCm() != 0)) {
            findings = widen(0, NO_STOP_NOR_MORE);
        }
        final int handle = take();
        if (handle == NONE) {
            return NONE;
        }
        final long[] words = page(handle);
        final int at = at(handle);
        words[at + DEVICE] = held.deviceId();
        words[at + TIME] = held.fixTimeMs();
        words[at + PLACE] = pair(held.latitudeE7(), held.longitudeE7());
        for (int i = 0; i < attributes.length; i++) {
            words[at + FIRST_ATTRIBUTE + i] = PositionValues.of(held, attributes[i]);
        }
        if (links != ABSENT_PART) {
            words[at + links + LINK] = NO_LINK;
            words[at + links + MARK] = 0;
        }
        if (findings != ABSENT_PART) {
            words[at + findings + SEGMENT] = candidate.segment();
            words[at + findings + STOP_AND_MORE] = pair(candidate.stopDistanceCm(), NONE);
        }
        if (held.attributeCount() > 1 && !holdMore(held, handle)) {
            free(handle);
            return NONE;
        }
        return handle;
    }

    /** Keeps what the position has more than once, in its order; false when there is no room for it. */
    private boolean holdMore(final Position held, final int handle) {
        for (int i = held.attributeCount() - 1; i > 0; i--) {
            final int key = held.attributeKey(i);
            if (isKept(key) && held.indexOfAttribute(key) < i) {
                final int one = takeMore();
                if (one == NONE) {
                    return false;
                }
                if (findings == ABSENT_PART) {
                    findings = widen(0, NO_STOP_NOR_MORE);
                }
                more[one * MORE_WIDTH] = pair(firstOfMore(handle), key);
                more[one * MORE_WIDTH + 1] = held.attributeValue(i);
                page(handle)[at(handle) + findings + STOP_AND_MORE] = pair(stopDistanceCm(handle), one);
            }
        }
        return true;
    }

    /** Makes every entry two words wider, which are these in all that is held already; where in an entry the first of them is. */
    private int widen(final long first, final long second) {
        final int before = width;
        width += PART_WIDTH;
        for (int i = 0; i < pages.length; i++) {
            final int fixes = pages[i].length / before;
            final long[] wider = new long[fixes * width];
            for (int fix = 0; fix < fixes; fix++) {
                System.arraycopy(pages[i], fix * before, wider, fix * width, before);
                wider[fix * width + before] = first;
                wider[fix * width + before + 1] = second;
            }
            pages[i] = wider;
        }
        return before;
    }

    private long[] page(final int handle) {
        return pages[handle >>> PAGE_BITS];
    }

    private int at(final int handle) {
        return (handle & (PAGE_FIXES - 1)) * width;
    }

    private boolean isKept(final int key) {
        for (final int kept : attributes) {
            if (kept == key) {
                return true;
            }
        }
        return false;
    }

    private int firstOfMore(final int handle) {
        return findings == ABSENT_PART ? NONE : (int) page(handle)[at(handle) + findings + STOP_AND_MORE];
    }

    private int stopDistanceCm(final int handle) {
        return findings == ABSENT_PART ? 0 : (int) (page(handle)[at(handle) + findings + STOP_AND_MORE] >>> 32);
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
        final long[] words = page(handle);
        final int at = at(handle);
        position.clear();
        position.deviceId(words[at + DEVICE])
                .fixTimeMs(words[at + TIME])
                .latitudeE7((int) (words[at + PLACE] >>> 32))
                .longitudeE7((int) words[at + PLACE]);
        for (int i = 0; i < attributes.length; i++) {
            final long value = words[at + FIRST_ATTRIBUTE + i];
            if (value != PositionValues.ABSENT) {
                PositionValues.put(position, attributes[i], value);
            }
        }
        for (int one = firstOfMore(handle); one != NONE; one = nextOfMore(one)) {
            position.attribute((int) more[one * MORE_WIDTH], more[one * MORE_WIDTH + 1]);
        }
        loaded.reset(position);
        if (findings != ABSENT_PART) {
            loaded.segment(words[at + findings + SEGMENT]);
            loaded.stopDistanceCm(stopDistanceCm(handle));
        }
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
        freeMore(firstOfMore(handle));
        final int at = at(handle);
        Arrays.fill(page(handle), at, at + width, 0);
        page(handle)[at + DEVICE] = free;
        free = handle;
        size--;
        return next;
    }

    public long deviceId(final int handle) {
        return page(handle)[at(handle) + DEVICE];
    }

    public long fixTimeMs(final int handle) {
        return page(handle)[at(handle) + TIME];
    }

    public int latitudeE7(final int handle) {
        return (int) (page(handle)[at(handle) + PLACE] >>> 32);
    }

    public int longitudeE7(final int handle) {
        return (int) page(handle)[at(handle) + PLACE];
    }

    /**
     * The handle that this one is linked to.
     *
     * @param handle a taken one.
     * @return the other, or {@link #NONE}, as it is at first.
     */
    public int next(final int handle) {
        return (int) (link(handle) >>> 32);
    }

    public void next(final int handle, final int other) {
        link(handle, pair(other, kind(handle)));
    }

    /**
     * A number of the mechanism's own, 0 at first.
     *
     * @param handle a taken one.
     * @return the number.
     */
    public int kind(final int handle) {
        return (int) link(handle);
    }

    public void kind(final int handle, final int value) {
        link(handle, pair(next(handle), value));
    }

    private long link(final int handle) {
        return links == ABSENT_PART ? NO_LINK : page(handle)[at(handle) + links + LINK];
    }

    private void link(final int handle, final long value) {
        makeLinks();
        page(handle)[at(handle) + links + LINK] = value;
    }

    private void makeLinks() {
        if (links == ABSENT_PART) {
            links = widen(NO_LINK, 0);
        }
    }

    /** Another number of the mechanism's own, 0 at first. */
    public long mark(final int handle) {
        return links == ABSENT_PART ? 0 : page(handle)[at(handle) + links + MARK];
    }

    public void mark(final int handle, final long value) {
        makeLinks();
        page(handle)[at(handle) + links + MARK] = value;
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
        final long[] words = page(handle);
        final long[] otherWords = page(other);
        final int at = at(handle);
        final int otherAt = at(other);
        int order = Long.compare(words[at + TIME], otherWords[otherAt + TIME]);
        order = order != 0 ? order : Long.compare(words[at + DEVICE], otherWords[otherAt + DEVICE]);
        order = order != 0 ? order : Long.compare(words[at + PLACE], otherWords[otherAt + PLACE]);
        for (int i = FIRST_ATTRIBUTE; order == 0 && i < FIRST_ATTRIBUTE + attributes.length; i++) {
            order = Long.compare(words[at + i], otherWords[otherAt + i]);
        }
        return order != 0 ? order : compareMore(firstOfMore(handle), firstOfMore(other));
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
            final long length = Math.max(PAGE_FIXES, 2L * more.length);
            more = Arrays.copyOf(more, (int) Math.min((long) limit * MORE_WIDTH, length));
        }
        return moreUsed++;
    }

    /** By an eighth, and to the limit at most: the most that is held grows by a few now and then, and should find room. */
    private void grow() {
        final int before = pages.length;
        final int most = (limit - 1) / PAGE_FIXES + 1;
        pages = Arrays.copyOf(pages, Math.min(most, before + 1 + before / 8));
        for (int i = before; i < pages.length; i++) {
            pages[i] = new long[width * Math.min(PAGE_FIXES, limit - i * PAGE_FIXES)];
        }
    }

    /** How many fixes find room in what is allocated. */
    int capacity() {
        int words = 0;
        for (final long[] page : pages) {
            words += page.length;
        }
        return words / width;
    }

    private int take() {
        int handle = free;
        if (handle != NONE) {
            free = (int) page(handle)[at(handle) + DEVICE];
        } else if (used == limit) {
            return NONE;
        } else {
            handle = used++;
            if (handle >>> PAGE_BITS == pages.length) {
                grow();
            }
        }
        size++;
        return handle;
    }

    private static long pair(final int high, final int low) {
        return (long) high << 32 | (low & 0xFFFF_FFFFL);
    }
}
