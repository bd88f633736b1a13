// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.report;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** The three questions by which European regulators judge whether data are anonymous (WP216), and which attacks answer them. */
enum Question {
    SINGLED_OUT("Can people be singled out?", "uniqueness.*"),
    LINKED("Can records of one person be linked?", "(reidentification|relink).*"),
    /** Whatever else an attacker finds is something about a person. */
    INFERRED("Can something about them be inferred?", ".*");

    private final String sentence;
    private final String figures;

    Question(final String sentence, final String figures) {
        this.sentence = sentence;
        this.figures = figures;
    }

    String sentence() {
        return sentence;
    }

    /** The question that an attack's figure answers. */
    static Question of(final String figure) {
        for (final Question question : values()) {
            if (figure.matches(question.figures)) {
                return question;
            }
        }
        return INFERRED;
    }

    /** The attacks that answer this one, in their order. */
    List<Figure> among(final List<Figure> privacy) {
        return privacy.stream().filter(figure -> of(figure.name()) == this).toList();
    }

    /** The attack that finds most, of those that find more than chance if there is any. */
    Optional<Figure> worst(final List<Figure> privacy) {
        return among(privacy).stream()
                .filter(figure -> figure.value() != null)
                .max(Comparator.comparing((Figure figure) -> !isChance(figure)).thenComparingDouble(Figure::value));
    }

    private static boolean isChance(final Figure figure) {
        final Double least = figure.low() == null ? figure.value() : figure.low();
        return figure.chance() != null && least != null && least <= figure.chance();
    }

    /**
     * The answer in a word or two, by the attack that finds most.
     *
     * @param privacy all attacks.
     * @return how often: it is the scale that the page explains.
     */
    String verdict(final List<Figure> privacy) {
        return worst(privacy)
                .map(figure -> {
                    if (isChance(figure)) {
                        return "Not more often than by chance";
                    }
                    final double value = figure.value();
                    return value < 0.01
                            ? "Hardly ever"
                            : value < 0.05 ? "Rarely" : value < 0.2 ? "Sometimes" : value < 0.6 ? "Often" : "Mostly";
                })
                .orElse("Not measured");
    }

    /**
     * The answer as a sentence with its number, its interval and what chance alone would give.
     *
     * @param privacy all attacks.
     * @return one paragraph of text.
     */
    String answer(final List<Figure> privacy) {
        final int attacks = among(privacy).size();
        final Optional<Figure> worst = worst(privacy);
        if (worst.isEmpty()) {
            return attacks == 0
                    ? "No attack of this kind was tried."
                    : "These attacks have nothing to try: "
                            + among(privacy).stream()
                                    .map(Figure::reason)
                                    .filter(Objects::nonNull)
                                    .distinct()
                                    .collect(Collectors.collectingAndThen(
                                            Collectors.joining("; "),
                                            all -> all.isEmpty()
                                                    ? "the traces are too short, or nothing leaves that could be attacked"
                                                    : all))
                            + ".";
        }
        final Figure figure = worst.get();
        final FigureText text = FigureText.of(figure.name(), true);
        final StringBuilder answer = new StringBuilder(text.title());
        answer.append(": in ").append(text.format(figure.value()));
        answer.append(figure.of() == null ? "" : String.format(Locale.ROOT, " of %,d tries", figure.of()));
        if (figure.low() != null && figure.high() != null) {
            answer.append(" (95\u00a0% interval ")
                    .append(text.format(figure.low()))
                    .append(" to ")
                    .append(text.format(figure.high()))
                    .append(')');
        } else {
            answer.append(" (no interval is known)");
        }
        answer.append(
                figure.chance() == null
                        ? "; it is no guess, so that there is no chance to compare it with."
                        : "; chance alone would find " + text.format(figure.chance()) + ".");
        final long tried =
                among(privacy).stream().filter(attack -> attack.value() != null).count();
        if (tried < attacks) {
            answer.append(
                    tried == 1
                            ? " It is the only one of " + attacks + " attacks that had something to try."
                            : " It is the strongest of " + tried + " attacks; " + (attacks - tried)
                                    + " more had nothing to try.");
        } else if (attacks > 1) {
            answer.append(" It is the strongest of ").append(attacks).append(" attacks.");
        }
        return answer.toString();
    }

    /** The limits of this question's attacks. */
    List<Limit> among(final List<Figure> privacy, final List<Limit> limits) {
        return limits.stream()
                .filter(limit -> among(privacy).stream()
                        .anyMatch(figure -> figure.name().equals(limit.figure().name())))
                .toList();
    }
}
