// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.roadhaze.anonymizer.BudgetLedger;
import org.roadhaze.anonymizer.DisclosureLedger;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.key.EpochRandom;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.anonymizer.mechanism.MechanismContext;
import org.roadhaze.anonymizer.mechanism.MechanismParameters;
import org.roadhaze.anonymizer.mechanism.Ranges;
import org.roadhaze.anonymizer.mechanism.Section;
import org.roadhaze.anonymizer.mechanism.SegmentsThatLeft;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.PositionBatch;

/**
 * One stream of a policy: a purpose, and what leaves for it.
 *
 * @param name        {@code [a-z][a-z0-9-]*}, at most 63 characters: it is a directory and a metric label too.
 * @param description what the purpose is, for people; may be empty.
 * @param retention   how long what left is kept.
 * @param journal     whether it holds whole frames, sealed, instead of records that mechanisms let out.
 * @param steps       its mechanisms, in the order in which they compose; none of a journal.
 * @param limits      what an attacker may find at most, in [0, 1], by the names of an evaluation's figures; no part of the
 *                    hash, since they change nothing of what leaves.
 */
public record StreamPolicy(
        String name,
        String description,
        Duration retention,
        boolean journal,
        List<Step> steps,
        Map<String, Double> limits) {
    /**
     * One mechanism of a stream.
     *
     * @param section    what it is about.
     * @param parameters its parameters.
     */
    public record Step(Section section, MechanismParameters parameters) {}

    /**
     * One row of the effective policy.
     *
     * @param aspect {@code place}, {@code identity}, {@code time}, {@code attributes}, {@code order}, {@code delay} or
     *               {@code kept}; of a journal {@code leaves}, {@code sealed}, {@code readers}, {@code shows} or
     *               {@code kept}.
     * @param rule   what holds for it, for a person.
     */
    public record EffectiveRule(String aspect, String rule) {}

    /** Copies list and limits. */
    public StreamPolicy {
        steps = List.copyOf(steps);
        // Not Map.copyOf, whose order differs from process to process: reports show them.
        limits = Collections.unmodifiableMap(new LinkedHashMap<>(limits));
    }

    /** A stream without limits. */
    public StreamPolicy(
            final String name,
            final String description,
            final Duration retention,
            final boolean journal,
            final List<Step> steps) {
        this(name, description, retention, journal, steps, Map.of());
    }

    /**
     * Builds the stream's chain for one worker.
     *
     * @param keys the keys of all streams, shared by all workers. They hold on to what the chain remembers for as long as
     *             they live themselves, to have it erased: one chain a worker, not one a batch.
     * @param maxDevices of how many devices each of its mechanisms may keep a state.
     * @return a new chain.
     * @throws IllegalStateException when it is a journal: nothing is let out of one.
     * @throws IllegalArgumentException when the keys are {@linkplain KeyRing#repeatable those of a seed}.
     * @throws org.roadhaze.anonymizer.key.KeyFileException when the stream's keys cannot be used.
     */
    public StreamChain newChain(final KeyRing keys, final int maxDevices) {
        return newChain(keys, maxDevices, null);
    }

    /**
     * Builds the stream's chain for one worker, which keeps account of what it lets out.
     *
     * @param keys       as above.
     * @param maxDevices as above, and of how many devices account is kept.
     * @param tables     where the account lies; null for none.
     * @return a new chain, which shares no budget with another.
     */
    public StreamChain newChain(final KeyRing keys, final int maxDevices, final DisclosureLedger.Tables tables) {
        return newChain(keys, maxDevices, tables, new BudgetLedger(maxDevices));
    }

    /**
     * Builds the stream's chain for one worker, beside others that let the same devices out.
     *
     * @param keys       as above.
     * @param maxDevices as above.
     * @param tables     as above.
     * @param budgets    what devices have spent of their privacy: one for all streams and workers.
     * @return a new chain.
     */
    public StreamChain newChain(
            final KeyRing keys,
            final int maxDevices,
            final DisclosureLedger.Tables tables,
            final BudgetLedger budgets) {
        return newChain(keys, maxDevices, tables, budgets, journal ? 0 : keys.nowMs(), null);
    }

    /**
     * Builds the stream's chain for one worker, to be given records again that were received since some time.
     *
     * @param keys       as above.
     * @param maxDevices as above.
     * @param tables     as above.
     * @param budgets    as above.
     * @param sinceMs    see {@link MechanismContext#sinceMs}.
     * @param segments   see {@link MechanismContext#segments}.
     * @return a new chain.
     */
    public StreamChain newChain(
            final KeyRing keys,
            final int maxDevices,
            final DisclosureLedger.Tables tables,
            final BudgetLedger budgets,
            final long sinceMs,
            final SegmentsThatLeft segments) {
        if (!journal && keys.isRepeatable()) {
            throw new IllegalArgumentException("keys of stream " + name
                    + ": found those of a seed, allowed random ones: what leaves is no replay");
        }
        final MechanismContext context =
                new MechanismContext(name, keys, maxDevices, attributes(), budgets, sinceMs, segments);
        final List<Mechanism> mechanisms = mechanisms(context);
        return tables == null
                ? new StreamChain(name, mechanisms)
                : new StreamChain(
                        name,
                        mechanisms,
                        new DisclosureLedger(context.random(EpochRandom.Use.LEDGER), tables, maxDevices));
    }

    /**
     * Builds the same chain for a replay that is to be judged, with a witness: it is handed each record as it leaves,
     * together with the fix that it comes from, which nobody else may see.
     *
     * @param keys       as above; in memory, since a replay's records are nobody's to link. Those of a seed are welcome here alone.
     * @param maxDevices as above.
     * @param witness    passes on what it is handed.
     * @return a new chain.
     */
    public StreamChain newReplay(final KeyRing keys, final int maxDevices, final Mechanism witness) {
        final List<Mechanism> mechanisms = mechanisms(new MechanismContext(name, keys, maxDevices, attributes()));
        mechanisms.add(witness);
        return new StreamChain(name, mechanisms);
    }

    private List<Mechanism> mechanisms(final MechanismContext context) {
        if (journal) {
            throw new IllegalStateException("stream " + name + " is a journal: nothing is let out of it");
        }
        final List<Mechanism> mechanisms = new ArrayList<>();
        for (final Step step : steps) {
            mechanisms.add(step.parameters().build(context));
        }
        return mechanisms;
    }

    /** What its steps look at beside device, time and place. */
    private List<Integer> attributes() {
        final Set<Integer> keys = new TreeSet<>();
        for (final Step step : steps) {
            for (final String input : step.parameters().inputs()) {
                final int key = Attribute.keyOf(input);
                if (key >= 0) {
                    keys.add(key);
                }
            }
        }
        return List.copyOf(keys);
    }

    /**
     * How long a record may be held back at most, in the time of the records: what a crash can lose.
     *
     * @return zero when no step holds any.
     */
    public Duration holdsBack() {
        Duration sum = Duration.ZERO;
        for (final Step step : steps) {
            sum = sum.plus(step.parameters().holdsBack());
        }
        return sum;
    }

    /**
     * Whether a step counts other devices, or mixes their records: then one worker must see the whole fleet.
     *
     * @return false when each device is looked at alone.
     */
    public boolean needsWholeFleet() {
        return steps.stream().anyMatch(step -> step.parameters().needsWholeFleet());
    }

    /**
     * Whether records leave in another order than they came in.
     *
     * @return false when their order shows which one device sent together.
     */
    public boolean mixesRecords() {
        return steps.stream().anyMatch(step -> step.parameters().mixesRecords());
    }

    /**
     * The first 64 bits of SHA-256 over a canonical rendering of everything that decides what leaves and how long it is
     * kept. It tells two policies apart that carry the same version; names of files, descriptions and the order of keys do
     * not change it.
     *
     * @return the hash.
     */
    public long hash() {
        final StringBuilder canonical = new StringBuilder();
        canonical.append("stream ").append(name).append('\n');
        canonical.append("retention ").append(retention.toMillis()).append("ms\n");
        if (journal) {
            canonical.append("journal\n");
        }
        for (final Step step : steps) {
            canonical.append(step.section().name()).append(' ');
            canonical.append(step.parameters().canonical()).append('\n');
        }
        try {
            final byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(canonical.toString().getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * What holds for this stream once every default is filled in: what leaves, how coarse, how late, kept how long. What
     * is asked for and not enforced says so.
     *
     * @return one row for each aspect, always all of them.
     */
    public List<EffectiveRule> effective() {
        return journal ? effectiveOfJournal() : effectiveOfChain();
    }

    private List<EffectiveRule> effectiveOfJournal() {
        return List.of(
                new EffectiveRule("leaves", "nothing in the clear but when a frame was received, and how long it is"),
                new EffectiveRule(
                        "sealed",
                        "each frame whole, with the device's number, by AES-256-GCM under a key of that device and of the"
                                + " key epoch"),
                new EffectiveRule(
                        "readers",
                        "who holds the key-encryption key and the data directory; of a device whose keys are destroyed,"
                                + " nobody"),
                new EffectiveRule(
                        "shows",
                        "to others: which frames are one device's within a key epoch, by a random key number, never whose"),
                kept());
    }

    private List<EffectiveRule> effectiveOfChain() {
        final List<EffectiveRule> rules = new ArrayList<>();
        final String kept = rules(
                section -> section.key().equals("location") && section != Section.REORDER && !section.publishesPlace());
        final String published = rules(Section::publishesPlace);
        final String place = published.isEmpty() ? "does not leave" : published;
        rules.add(new EffectiveRule("place", kept.isEmpty() ? place : place + "; " + kept));
        rules.add(new EffectiveRule("identity", rule(Section.IDENTITY, "does not leave")));
        rules.add(new EffectiveRule("time", rule(Section.TIME, "does not leave")));
        rules.add(new EffectiveRule("attributes", rule(Section.ATTRIBUTES, "none")));
        rules.add(new EffectiveRule("order", order()));
        rules.add(new EffectiveRule("delay", delay()));
        rules.add(kept());
        return rules;
    }

    private EffectiveRule kept() {
        final String asked = retention.toDays() > 1 ? retention.toDays() + " days" : retention.toHours() + " hours";
        return new EffectiveRule(
                "kept",
                asked
                        + (journal
                                ? ", then deleted, an hour at a time; the keys of a key epoch as long after its end"
                                : ", then deleted, an hour at a time"));
    }

    private String order() {
        final String shuffled = rule(Section.SHUFFLE, "");
        if (!shuffled.isEmpty()) {
            return shuffled;
        }
        return mixesRecords()
                ? "mixed within a window: it shows nothing of who sent what"
                : rule(Section.REORDER, "as it came")
                        + ", not mixed in this version: what one device sent in one frame, up to "
                        + PositionBatch.MAX_POSITIONS + " records, leaves side by side and shows as one vehicle's";
    }

    private String delay() {
        final Duration held = holdsBack();
        return held.isZero()
                ? "none: no record is held back to wait for others"
                : "records are held back for up to " + Ranges.text(held)
                        + "; what is held when the engine stops or dies does not leave, unless it is rebuilt";
    }

    private String rule(final Section section, final String otherwise) {
        final String effects = rules(each -> each == section);
        return effects.isEmpty() ? otherwise : effects;
    }

    private String rules(final Predicate<Section> which) {
        final List<String> effects = new ArrayList<>();
        for (final Step step : steps) {
            if (which.test(step.section())) {
                effects.add(step.parameters().effect());
            }
        }
        return String.join("; ", effects);
    }
}
