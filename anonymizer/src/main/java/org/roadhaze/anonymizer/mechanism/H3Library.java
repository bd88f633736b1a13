// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import com.uber.h3core.H3Core;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The one instance of the native H3 library, which is thread safe; loading it unpacks a file, so it happens once. */
final class H3Library {
    private static final H3Core INSTANCE = load();

    private H3Library() {}

    static H3Core get() {
        return INSTANCE;
    }

    private static H3Core load() {
        try {
            return H3Core.newInstance();
        } catch (final IOException e) {
            throw new UncheckedIOException("the native H3 library cannot be unpacked", e);
        }
    }
}
