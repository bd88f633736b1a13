// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Published records put together by their ids, as anybody can who reads them: what there is to attack. */
public final class PublishedTracks {
    private PublishedTracks() {}

    /**
     * The records of one id, as a track.
     *
     * @param trueDevice the device of its first record.
     */
    public record OfId(int trueDevice, Track track) {}

    /** Those that are made from one device each: aggregates are nobody's. */
    static List<Published> ofDevices(final List<Published> records) {
        return records.stream()
                .filter(record -> record.trueDevice() != Published.NO_DEVICE)
                .toList();
    }

    /** A track for each id, in the order of first appearance; a record without an id is a track of its own. */
    public static List<OfId> byId(final List<Published> records) {
        final List<OfId> tracks = new ArrayList<>();
        forEachId(records, group -> tracks.add(ofId(group)));
        return tracks;
    }

    /** The records of one id, in the order of their times. */
    static OfId ofId(final List<Published> ordered) {
        return new OfId(ordered.get(0).trueDevice(), track(ordered));
    }

    /**
     * Puts the records of each id together, by the times that they tell, in the order of first appearance; those without an id,
     * one by one, come first.
     *
     * @param each is handed the records of one id.
     */
    static void forEachId(final List<Published> records, final Consumer<List<Published>> each) {
        final Map<Long, List<Published>> groups = new LinkedHashMap<>();
        for (final Published record : records) {
            if (record.id() == Published.NO_ID) {
                each.accept(List.of(record));
            } else {
                groups.computeIfAbsent(record.id(), id -> new ArrayList<>()).add(record);
            }
        }
        groups.values().forEach(group -> {
            group.sort(Comparator.comparingLong(Published::timeMs));
            each.accept(group);
        });
    }

    /** A track for each device, whatever ids it left under: the worst case for what ids do not protect. */
    public static List<Track> byDevice(final List<Published> records, final int devices) {
        return recordsByDevice(records, devices).stream()
                .map(PublishedTracks::track)
                .toList();
    }

    /** The records of each device, by the times that they tell. */
    static List<List<Published>> recordsByDevice(final List<Published> records, final int devices) {
        final List<List<Published>> groups = new ArrayList<>();
        for (int device = 0; device < devices; device++) {
            groups.add(new ArrayList<>());
        }
        records.forEach(record -> groups.get(record.trueDevice()).add(record));
        groups.forEach(group -> group.sort(Comparator.comparingLong(Published::timeMs)));
        return groups;
    }

    /** The places of records that are in the order of their times. */
    static Track track(final List<Published> ordered) {
        final Track.Builder track = Track.builder("");
        ordered.forEach(record -> track.add(record.timeMs(), record.latitude(), record.longitude()));
        return track.build();
    }
}
