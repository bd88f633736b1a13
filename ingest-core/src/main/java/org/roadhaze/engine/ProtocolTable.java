// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.util.ArrayList;
import java.util.List;
import org.roadhaze.config.ConfigNode;
import org.roadhaze.listener.ListenerOptions;
import org.roadhaze.protocol.DecoderOptions;
import org.roadhaze.protocol.Protocol;
import org.roadhaze.protocol.ProtocolDecoder;

/** Numbers the pairs of protocol and transport that an engine serves, so that frames carry an index. */
final class ProtocolTable {
    private record Entry(Protocol protocol, ListenerOptions.Transport transport) {
        ProtocolDecoder decoder() {
            return (transport == ListenerOptions.Transport.TCP ? protocol.tcp() : protocol.udp())
                    .apply(DecoderOptions.ENGINE);
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
        return new Entry(listener.protocol(), listener.transport());
    }

    int indexOf(final ListenerOptions listener) {
        return entries.indexOf(entryOf(listener));
    }

    int size() {
        return entries.size();
    }

    String name(final int index) {
        final Entry entry = entries.get(index);
        return entry.protocol().name() + "/" + ConfigNode.word(entry.transport());
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
