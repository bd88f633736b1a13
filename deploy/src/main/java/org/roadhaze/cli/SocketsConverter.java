// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.util.ArrayList;
import java.util.List;
import org.roadhaze.config.ConfigNode;
import org.roadhaze.listener.Sockets;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A way of waiting for sockets as configurations name it, {@code io-uring} say. */
final class SocketsConverter implements ITypeConverter<Sockets> {
    @Override
    public Sockets convert(final String value) {
        final List<String> names = new ArrayList<>();
        for (final Sockets sockets : Sockets.values()) {
            final String name = ConfigNode.word(sockets);
            if (name.equals(value)) {
                return sockets;
            }
            names.add(name);
        }
        throw new TypeConversionException("found '" + value + "', allowed " + String.join(", ", names));
    }
}
