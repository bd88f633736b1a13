// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Published records put together by their ids, as anybody can who reads them: what there is to attack. */
public final class PublishedTracks {
    private PublishedTracks() {}

    /**
     * The records of one id, as a track.
     *
     * @param trueDevice the device of its first record.
     */
    public record OfId(int trueDevice, Track track) {}

    /** A track for each id, in the order of first appearance; a record without an id is a track of its own. */
    public static List<OfId> byId(final List<Published> records) {
        final Map<Long, List<Published>> groups = new LinkedHashMap<>();
        final List<OfId> tracks = new ArrayList<>();
        for (final Published record : records) {
            if (record.id() == Published.NO_ID) {
                tracks.add(track(List.of(record)));
            } else {
                groups.computeIfAbsent(record.id(), id -> new ArrayList<>()).add(record);
            }
        }
        groups.values().forEach(group -> tracks.add(track(group)));
        return tracks;
    }

    /** A track for each device, whatever ids it left under: the worst case for what ids do not protect. */
    public static List<Track> byDevice(final List<Published> records, final int devices) {
        final List<List<Published>> groups = new ArrayList<>();
        for (int device = 0; device < devices; device++) {
            groups.add(new ArrayList<>());
        }
        records.forEach(record -> groups.get(record.trueDevice()).add(record));
        return groups.stream().map(group -> build(group)).toList();
    }

    private static OfId track(final List<Published> records) {
        return new OfId(records.get(0).trueDevice(), build(records));
    }

    private static Track build(final List<Published> records) {
        final List<Published> ordered = new ArrayList<>(records);
        ordered.sort(Comparator.comparingLong(Published::timeMs));
        final Track.Builder track = Track.builder("");
        ordered.forEach(record -> track.add(record.timeMs(), record.latitude(), record.longitude()));
        return track.build();
    }
}
