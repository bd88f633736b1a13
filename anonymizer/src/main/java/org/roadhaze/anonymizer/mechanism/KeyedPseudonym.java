// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.time.Duration;
import java.util.Set;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.key.EpochKeys;
import org.roadhaze.config.ConfigMap;

/**
 * Lets a pseudonym out instead of the device: the first 64 bits of HMAC-SHA256(K, device ‖ epoch), with the epoch
 * {@code floor(fix time / rotate)} and a random K of that stream and epoch, see {@link EpochKeys}.
 *
 * <p>Within an epoch, all records of a device carry one pseudonym. Across epochs nobody without the keys can link them by
 * it, and once a key is destroyed nobody can at all. Place, time and the order in which records leave may still link them:
 * that is for other mechanisms.
 *
 * <p>The last {@value #CACHED} pseudonyms are kept, each with its key's serial, so that a record usually costs a look-up.
 * What a destroyed key has made, and that alone, is not believed from then on, and is erased by whoever moves the keys'
 * clock, though no record comes. A record of an epoch for which there is no key does not leave.
 */
public final class KeyedPseudonym implements Mechanism {
    private static final int CACHED = 1 << 16;

    private final EpochKeys keys;
    private final long rotateMs;
    private final PseudonymCache cache = new PseudonymCache(CACHED);

    KeyedPseudonym(final Parameters parameters, final EpochKeys keys) {
        this.keys = keys;
        rotateMs = parameters.rotate().toMillis();
        keys.whenKeysDie(() -> cache.eraseDead(keys::isLive));
    }

    @Override
    public void accept(final Candidate candidate, final Outlet outlet) {
        final long deviceId = candidate.position().deviceId();
        final long epoch = Math.floorDiv(candidate.position().fixTimeMs(), rotateMs);
        long pseudonym = EpochKeys.NO_PSEUDONYM;
        final int entry = cache.find(deviceId, epoch);
        if (entry != PseudonymCache.ABSENT && keys.isLive(cache.keySerial(entry))) {
            pseudonym = cache.pseudonym(entry);
        }
        if (pseudonym == EpochKeys.NO_PSEUDONYM) {
            pseudonym = make(deviceId, epoch);
        }
        if (pseudonym == EpochKeys.NO_PSEUDONYM) {
            outlet.suppress(candidate, SuppressionReason.LATE_EPOCHS);
            return;
        }
        candidate.release().pseudonym(pseudonym);
        outlet.pass(candidate);
    }

    private long make(final long deviceId, final long epoch) {
        final long keySerial = keys.keyOf(epoch);
        if (keySerial == EpochKeys.NO_KEY) {
            return EpochKeys.NO_PSEUDONYM;
        }
        final long pseudonym = keys.pseudonym(deviceId, epoch);
        keep(deviceId, epoch, keySerial, pseudonym);
        return pseudonym;
    }

    /** Keeps a pseudonym, unless its key has died meanwhile: who erases what that made may have been here already. */
    void keep(final long deviceId, final long epoch, final long keySerial, final long pseudonym) {
        final int entry = cache.put(deviceId, epoch, keySerial, pseudonym);
        if (entry != PseudonymCache.ABSENT && !keys.isLive(keySerial)) {
            cache.erase(entry, keySerial);
        }
    }

    /** How many pseudonyms are kept that keys have made which do not live any more. */
    int keptOfDeadKeys() {
        return cache.count(keySerial -> !keys.isLive(keySerial));
    }

    /**
     * How long a pseudonym lives.
     *
     * @param rotate length of an epoch, in [1 min, 366 d].
     */
    public record Parameters(Duration rotate) implements MechanismParameters {
        static final Duration LEAST = Duration.ofMinutes(1);
        static final Duration MOST = Duration.ofDays(366);

        /** Refuses a rotation out of range. */
        public Parameters {
            Ranges.check("rotate", rotate, LEAST, MOST);
        }

        static Parameters read(final ConfigMap map) {
            return new Parameters(map.duration("rotate", LEAST, MOST));
        }

        @Override
        public Mechanism build(final MechanismContext context) {
            return new KeyedPseudonym(this, context.keys().of(context.stream(), rotate));
        }

        @Override
        public String effect() {
            return "keyed pseudonym, another one every " + Ranges.text(rotate) + "; its key is destroyed at most "
                    + Ranges.text(EpochKeys.graceOf(rotate)) + " later";
        }

        @Override
        public String canonical() {
            return "keyed rotate=" + rotate.toMillis() + "ms";
        }

        @Override
        public Rebuilding rebuilding() {
            return Rebuilding.PURE;
        }

        @Override
        public Set<String> inputs() {
            return Set.of("deviceId", "fixTime");
        }
    }
}
