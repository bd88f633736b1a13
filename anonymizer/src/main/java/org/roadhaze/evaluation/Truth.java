// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.List;

/** All fixes of all devices in one numbering: those of a device follow each other, in the order of time. Immutable. */
final class Truth {
    private final List<Track> tracks;
    private final int[] firstOf;
    private final int[] deviceOf;

    Truth(final List<Track> tracks) {
        this.tracks = List.copyOf(tracks);
        firstOf = new int[tracks.size() + 1];
        for (int device = 0; device < tracks.size(); device++) {
            firstOf[device + 1] =
                    Math.addExact(firstOf[device], tracks.get(device).size());
        }
        deviceOf = new int[firstOf[tracks.size()]];
        for (int device = 0; device < tracks.size(); device++) {
            for (int fix = firstOf[device]; fix < firstOf[device + 1]; fix++) {
                deviceOf[fix] = device;
            }
        }
    }

    int devices() {
        return tracks.size();
    }

    int fixes() {
        return deviceOf.length;
    }

    int deviceOf(final int fix) {
        return deviceOf[fix];
    }

    Track track(final int device) {
        return tracks.get(device);
    }

    /** Which fix of its track that is. */
    int indexInTrack(final int fix) {
        return fix - firstOf[deviceOf[fix]];
    }

    long timeMs(final int fix) {
        return tracks.get(deviceOf[fix]).timeMs(indexInTrack(fix));
    }

    double latitude(final int fix) {
        return tracks.get(deviceOf[fix]).latitude(indexInTrack(fix));
    }

    double longitude(final int fix) {
        return tracks.get(deviceOf[fix]).longitude(indexInTrack(fix));
    }
}
