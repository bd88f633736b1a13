// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.roadhaze.config.ConfigNode;
import org.roadhaze.config.UtcOffset;
import org.roadhaze.listener.ListenerOptions;
import org.roadhaze.protocol.DecoderOptions;
import org.roadhaze.protocol.Protocol;
import org.roadhaze.protocol.ProtocolDecoder;

/** Numbers the ways in which an engine is spoken to: protocol, transport and time zone, so that frames carry an index. */
final class ProtocolTable {
    private record Entry(Protocol protocol, ListenerOptions.Transport transport, ZoneOffset timeZone) {
        ProtocolDecoder decoder() {
            return (transport == ListenerOptions.Transport.TCP ? protocol.tcp() : protocol.udp())
                    .apply(new DecoderOptions(true, null, timeZone));
        }
    }

    private final List<Entry> entries = new ArrayList<>();

    ProtocolTable(final List<ListenerOptions> listeners) {
        for (final ListenerOptions listener : listeners) {
            final Entry entry = entryOf(listener);
            if (!entries.contains(entry)) {
                entries.add(entry);
            }
        }
    }

    private static Entry entryOf(final ListenerOptions listener) {
        return new Entry(listener.protocol(), listener.transport(), listener.timeZone());
    }

    int indexOf(final ListenerOptions listener) {
        return entries.indexOf(entryOf(listener));
    }

    int size() {
        return entries.size();
    }

    /** Such as {@code teltonika/udp}, or {@code gt06/tcp UTC+08:00}. */
    String name(final int index) {
        final Entry entry = entries.get(index);
        final String name = entry.protocol().name() + "/" + ConfigNode.word(entry.transport());
        return entry.timeZone().equals(ZoneOffset.UTC) ? name : name + " " + UtcOffset.render(entry.timeZone());
    }

    /**
     * Makes a decoder for each index.
     *
     * @return a new set, for one thread.
     */
    ProtocolDecoder[] decoders() {
        return entries.stream().map(Entry::decoder).toArray(ProtocolDecoder[]::new);
    }
}
