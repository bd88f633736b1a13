// SPDX-License-Identifier: Apache-2.0
/**
 * The policy: which streams there are, and what each lets out. Read from YAML into immutable records; whatever it does not
 * name does not leave, and whatever contradicts itself is refused.
 */
package org.roadhaze.anonymizer.policy;
