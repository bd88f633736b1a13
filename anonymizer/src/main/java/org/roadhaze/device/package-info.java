// SPDX-License-Identifier: Apache-2.0
/** State by device, bounded: what stages and mechanisms keep of each vehicle. */
package org.roadhaze.device;
