// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.roadhaze.evaluation.ExampleTrip;

/**
 * What a page is made of. Nothing in it names a device.
 *
 * @param stream      the stream's name.
 * @param description what it is for; may be empty.
 * @param caution     a sentence to read the figures with, such as that nothing left; empty where there is none.
 * @param privacy     what attackers find.
 * @param utility     what the records are still good for.
 * @param limits      of either.
 * @param byDensity   shares published of each tenth of the fixes, the sparsest first; empty where there are none.
 * @param byDevice    shares published of each device, in the order of the traces; NaN of one without a fix.
 * @param sweep       the policy with each parameter varied; empty when that was not asked for.
 * @param trip        an example.
 * @param tripWanted  whether one was asked for.
 * @param rules       what leaves, as the effective policy says it: aspect and rule.
 * @param mechanisms  in the order in which a record meets them.
 * @param data        the traces.
 * @param facts       what else made the figures what they are: name and value, such as the seed.
 * @param json        the same figures as JSON, an object.
 */
public record ReportContent(
        String stream,
        String description,
        Optional<String> caution,
        List<Figure> privacy,
        List<Figure> utility,
        List<Limit> limits,
        List<Double> byDensity,
        List<Double> byDevice,
        List<SweepPoint> sweep,
        Optional<ExampleTrip> trip,
        boolean tripWanted,
        Map<String, String> rules,
        List<MechanismText> mechanisms,
        List<DataFile> data,
        Map<String, String> facts,
        String json) {
    /** Copies the lists; the maps keep their order. */
    public ReportContent {
        privacy = List.copyOf(privacy);
        utility = List.copyOf(utility);
        limits = List.copyOf(limits);
        byDensity = List.copyOf(byDensity);
        byDevice = List.copyOf(byDevice);
        sweep = List.copyOf(sweep);
        mechanisms = List.copyOf(mechanisms);
        data = List.copyOf(data);
    }

    /**
     * The figures of the policy with one value of one parameter.
     *
     * @param parameter such as {@code trip-ends.trim}.
     * @param value     as the policy would write it.
     * @param isOwn     whether it is the policy as it is.
     * @param figures   all of them.
     */
    public record SweepPoint(String parameter, String value, boolean isOwn, List<Figure> figures) {
        /** Copies the figures. */
        public SweepPoint {
            figures = List.copyOf(figures);
        }

        /** The value of a figure; null when it has none. */
        public Double value(final String figure) {
            return figures.stream()
                    .filter(each -> each.name().equals(figure))
                    .findFirst()
                    .map(Figure::value)
                    .orElse(null);
        }
    }

    /**
     * A mechanism of the stream.
     *
     * @param about     the key of the policy under which it stands.
     * @param effect    what it does: a sentence for people.
     * @param canonical its name and all its parameters, as the hash of the policy has them.
     */
    public record MechanismText(String about, String effect, String canonical) {}

    /**
     * A file of traces.
     *
     * @param name   without its directories.
     * @param bytes  its length.
     * @param sha256 its check sum, in hex.
     * @param devices in it.
     * @param fixes  in it: its rows, but those that are older than the one before them.
     */
    public record DataFile(String name, long bytes, String sha256, long devices, long fixes) {}
}
