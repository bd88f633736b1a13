// SPDX-License-Identifier: Apache-2.0
/**
 * An evaluation as one page of HTML for people: a privacy officer first, then a data scientist. The page holds all that it shows,
 * its charting library too, and is forbidden by itself to load anything. Tables are written here, and charts drawn by the page
 * from the figures that it carries, so that without scripts nothing is missing but the drawings.
 */
package org.roadhaze.report;
