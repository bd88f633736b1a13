// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import org.roadhaze.anonymizer.key.KeyRing;

/**
 * What a mechanism is built with beside its parameters.
 *
 * @param stream the stream that it works for.
 * @param keys   the keys of all streams.
 */
public record MechanismContext(String stream, KeyRing keys) {}
