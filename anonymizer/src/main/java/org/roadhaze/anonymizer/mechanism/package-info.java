// SPDX-License-Identifier: Apache-2.0
/**
 * The mechanisms: one class each, with its parameters and their ranges, one line in {@link
 * org.roadhaze.anonymizer.mechanism.Mechanisms}, one file of cases in the tests.
 */
package org.roadhaze.anonymizer.mechanism;
