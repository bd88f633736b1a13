// SPDX-License-Identifier: Apache-2.0

/**
 * The fleet simulator and load generator: real frames of real protocols through real sockets, and a ledger of what the
 * target promised to keep.
 *
 * <p>{@link org.roadhaze.simulator.FleetSimulator} is the way in. A {@code FixSource} says where the devices are (a trace
 * or a built-in city), a {@code DeviceProtocol} how they talk, {@code FleetLoop} when they send. One event loop does it
 * all, so that the target is what is measured.
 */
package org.roadhaze.simulator;
