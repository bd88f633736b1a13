// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer;

/** Says, while a chain is rebuilt, which of its releases may leave: those that have not left before. */
@FunctionalInterface
public interface ReleaseGate {
    /**
     * Asked once for each release.
     *
     * @param release what would leave; valid only during the call.
     * @return false when it stays.
     */
    boolean mayLeave(Release release);
}
