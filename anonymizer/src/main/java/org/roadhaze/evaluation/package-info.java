// SPDX-License-Identifier: Apache-2.0
/**
 * What an attacker still learns from published records, what they are still good for, and whether they keep what was
 * promised. It judges the mechanisms, so it shares no code with them: it sees tracks that went in and records that came
 * out. Not for the hot path. The definitions are those of Accio (Primault et al.) where Accio has one.
 */
package org.roadhaze.evaluation;
