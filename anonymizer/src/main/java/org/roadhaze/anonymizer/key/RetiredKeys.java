// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The key file of a stream that nobody asks for: it was dropped or renamed, or has no identity any more. Its keys die when
 * they would have died, since the stream may come back, and the file with the last. Nothing is made, and between two
 * deaths no key is in memory. Not thread safe.
 */
final class RetiredKeys {
    private final KeyFile file;
    private long dueMs = Long.MIN_VALUE;

    RetiredKeys(final KeyFile file) {
        this.file = file;
    }

    /** When the next key dies; {@link Long#MAX_VALUE} once none is left. */
    long dueMs() {
        return dueMs;
    }

    /**
     * Destroys the keys whose time is over. A file that someone has deleted by hand is done with.
     *
     * @param nowMs  the engine's clock.
     * @param future whether the keys of epochs that have not begun live on. Of a stream that is gone they have nothing to
     *               wait for, and a tracker with a wrong clock can have asked for one that is decades ahead.
     * @throws KeyFileException when the file must not or cannot be used.
     */
    void advanceTo(final long nowMs, final boolean future) {
        if (file.isAbsent()) {
            dueMs = Long.MAX_VALUE;
            return;
        }
        final KeyFile.Content content = file.read();
        final long rotateMs = content.rotateMs();
        final long graceMs = EpochKeys.graceOf(Duration.ofMillis(rotateMs)).toMillis();
        final List<EpochKey> left = new ArrayList<>();
        long next = Long.MAX_VALUE;
        for (final EpochKey key : content.keys()) {
            final long diesAfterMs = key.diesAfterMs(rotateMs, graceMs);
            if (nowMs <= diesAfterMs && (future || key.epoch * rotateMs <= nowMs)) {
                left.add(key);
                next = Math.min(next, diesAfterMs + 1);
            }
        }
        try {
            if (left.isEmpty()) {
                file.destroy();
            } else if (left.size() < content.keys().size()) {
                file.save(rotateMs, left);
            }
        } finally {
            content.keys().forEach(EpochKey::destroy);
        }
        dueMs = next;
    }
}
