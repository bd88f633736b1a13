// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Key files of a simulation that is done again by its seed: an engine that finds them makes no keys of their epochs. */
public final class SeededKeyFiles {
    private SeededKeyFiles() {}

    /**
     * A ring that makes a key file for each stream that asks, with the keys of the running epoch and of the next.
     *
     * @param directory where an engine looks for them; made when it is not there.
     * @param seed      what the keys are made of.
     * @param nowMs     the clock.
     * @return the ring; not to be used beside an engine.
     */
    public static KeyRing ring(final Path directory, final long seed, final long nowMs) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new KeyRing(
                (stream, rotate, now) -> new EpochKeys(
                        rotate,
                        EpochKeys.graceOf(rotate),
                        new KeyFile(directory.resolve(stream + KeyFile.SUFFIX)),
                        new SeededKeys(seed, stream),
                        now),
                nowMs);
    }
}
