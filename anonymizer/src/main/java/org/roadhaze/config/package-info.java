// SPDX-License-Identifier: Apache-2.0
/**
 * Reads YAML configuration so that whoever wrote it learns everything that is wrong with it at once: file, line, key,
 * what was found, what is allowed.
 *
 * <pre>
 *   ConfigReader reader = new ConfigReader();
 *   ConfigMap root = reader.read(Path.of("roadhaze.yaml"));
 *   int slots = root.integer("slots", 64, 1 &lt;&lt; 20, 1024);
 *   Duration idle = root.map("listener").duration("idle", Duration.ofSeconds(1), Duration.ofHours(1));
 *   reader.finish(); // throws ConfigException with every problem, those of unknown keys included
 * </pre>
 *
 * <p>A getter never throws for what it finds: it notes a problem, returns a value within the allowed range, and lets the
 * reading go on to the next problem. What was read may be used only after {@link
 * org.roadhaze.config.ConfigReader#finish()}. A key is known when some getter asked for it; all others are refused.
 */
package org.roadhaze.config;
