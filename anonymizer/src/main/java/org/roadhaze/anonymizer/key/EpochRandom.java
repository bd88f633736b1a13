// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Randomness that is a function of a key and of what it is for: the same question gets the same answer, whenever it is
 * asked, while the key of its epoch lives; nobody without that key can tell the answers from coin throws, and nobody at all
 * once it is destroyed. A record that is sent again, or replayed, gets the noise that it had.
 *
 * <p>SipHash-2-4 under a subkey of the stream's epoch key: the first 128 bits of HMAC-SHA256(key of the epoch, use ‖ epoch),
 * with a use that no pseudonym of a device is made with. The subkeys of the last epochs asked for are kept, and erased with
 * their keys. Not thread safe: one mechanism's of one worker; {@link EpochKeys} may be shared.
 */
public final class EpochRandom {
    private static final int KEPT = 8;

    private final EpochKeys keys;
    private final long rotateMs;
    private final long use;
    private final AtomicReferenceArray<Subkey> subkeys = new AtomicReferenceArray<>(KEPT);

    /**
     * Makes a source.
     *
     * @param keys the keys.
     * @param use  what the randomness is for: two uses of one stream's keys have nothing in common.
     */
    public EpochRandom(final EpochKeys keys, final Use use) {
        this.keys = keys;
        this.use = use.number;
        rotateMs = keys.rotateMs();
        keys.whenKeysDie(this::eraseDead);
    }

    /** What randomness is for. */
    public enum Use {
        /** Noise on places. */
        NOISE(1),
        /** Where segments begin and end, and their ids. */
        SEGMENTS(2),
        /** Which devices are in a sample. */
        SAMPLE(3),
        /** Noise on counts, whose contributions count, and the order in which what was counted leaves. */
        COUNTS(4),
        /** Where zones are shifted to. */
        ZONES(5),
        /** How trips are trimmed. */
        TRIPS(6),
        /** By what an account of disclosures knows devices. */
        LEDGER(7),
        /** In which order the records of a step of time leave. */
        ORDER(8);

        private final long number;

        Use(final int number) {
            this.number = number;
        }
    }

    /**
     * Whether there is a key for a time.
     *
     * @param timeMs milliseconds since 1970-01-01 UTC.
     * @return false when there are too many keys of nearer epochs: whatever needs randomness must not leave.
     */
    public boolean hasKey(final long timeMs) {
        return subkeyOf(Math.floorDiv(timeMs, rotateMs)) != null;
    }

    /**
     * Random bits.
     *
     * @param timeMs  of the record or segment that they are for: its epoch has the key.
     * @param subject whose they are, a device say.
     * @param which   tells several of one subject apart.
     * @return 64 bits.
     * @throws IllegalStateException when {@link #hasKey} is false.
     */
    public long bits(final long timeMs, final long subject, final long which) {
        final long epoch = Math.floorDiv(timeMs, rotateMs);
        while (true) {
            final Subkey subkey = subkeyOf(epoch);
            if (subkey == null) {
                throw new IllegalStateException("no key for the epoch");
            }
            final long bits = SipHash.of(subkey.key0, subkey.key1, timeMs, subject, which, use);
            if (keys.isLive(subkey.serial)) {
                return bits; // Not made with a key that was being erased.
            }
        }
    }

    /**
     * A number uniform in [0, 1), a multiple of 2^-53.
     *
     * @param timeMs  see {@link #bits}.
     * @param subject see {@link #bits}.
     * @param which   see {@link #bits}.
     * @return the number.
     */
    public double uniform(final long timeMs, final long subject, final long which) {
        return (bits(timeMs, subject, which) >>> 11) * 0x1.0p-53;
    }

    private Subkey subkeyOf(final long epoch) {
        final int place = (int) epoch & (KEPT - 1);
        final Subkey kept = subkeys.getPlain(place);
        if (kept != null && kept.epoch == epoch && keys.isLive(kept.serial)) {
            return kept;
        }
        final Subkey made = new Subkey(epoch);
        made.serial = keys.subkey(epoch, use, made);
        if (made.serial == EpochKeys.NO_KEY) {
            return null;
        }
        subkeys.set(place, made);
        if (kept != null) {
            kept.erase();
        }
        return made;
    }

    /** Called by whoever moves the keys' clock: what dies here is not believed any more. */
    private void eraseDead() {
        for (int i = 0; i < KEPT; i++) {
            final Subkey subkey = subkeys.get(i);
            if (subkey != null && !keys.isLive(subkey.serial)) {
                subkey.erase();
            }
        }
    }

    /** A key of one epoch for one use. */
    static final class Subkey {
        final long epoch;
        long serial;
        long key0;
        long key1;

        Subkey(final long epoch) {
            this.epoch = epoch;
        }

        void erase() {
            key0 = 0;
            key1 = 0;
        }
    }
}
