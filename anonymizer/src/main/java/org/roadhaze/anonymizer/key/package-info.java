// SPDX-License-Identifier: Apache-2.0
/**
 * The keys behind pseudonyms: where they come from, how long they live, how they are destroyed. A key never leaves this
 * package; others ask it for what the key makes of a device. The only package that touches a random source.
 */
package org.roadhaze.anonymizer.key;
