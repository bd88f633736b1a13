// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.time.ZoneOffset;
import java.util.List;
import org.roadhaze.config.ConfigNode;
import org.roadhaze.config.UtcOffset;
import org.roadhaze.journal.FrameOrigin;
import org.roadhaze.listener.ListenerOptions;
import org.roadhaze.protocol.DecoderOptions;
import org.roadhaze.protocol.ProtocolDecoder;

/** Numbers what an engine serves, an index for each listener, so that frames carry it and are counted by listener. */
final class ProtocolTable {
    private final List<ListenerOptions> entries;

    ProtocolTable(final List<ListenerOptions> listeners) {
        entries = listeners;
    }

    int size() {
        return entries.size();
    }

    /** Such as {@code teltonika/udp}, or {@code gt06/tcp UTC+08:00}. */
    String name(final int index) {
        final ListenerOptions entry = entries.get(index);
        final String name = entry.protocol().name() + "/" + ConfigNode.word(entry.transport());
        return entry.timeZone().equals(ZoneOffset.UTC) ? name : name + " " + UtcOffset.render(entry.timeZone());
    }

    /** What a journal keeps of each index, to decode its frames again. */
    List<FrameOrigin> origins() {
        return entries.stream()
                .map(entry -> new FrameOrigin(
                        entry.protocol().name(), entry.transport() == ListenerOptions.Transport.UDP, entry.timeZone()))
                .toList();
    }

    /**
     * Makes a decoder for each index.
     *
     * @return a new set, for one thread.
     */
    ProtocolDecoder[] decoders() {
        return entries.stream().map(ProtocolTable::decoder).toArray(ProtocolDecoder[]::new);
    }

    private static ProtocolDecoder decoder(final ListenerOptions listener) {
        return (listener.transport() == ListenerOptions.Transport.TCP
                        ? listener.protocol().tcp()
                        : listener.protocol().udp())
                .apply(new DecoderOptions(true, null, listener.timeZone()));
    }
}
