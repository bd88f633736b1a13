// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code HOST:PORT}; an IPv6 address stands in brackets. */
final class AddressConverter implements ITypeConverter<InetSocketAddress> {
    private static final int MAX_PORT = 65_535;

    @Override
    public InetSocketAddress convert(final String value) {
        final int colon = value.lastIndexOf(':');
        final int port = colon > 0 ? port(value.substring(colon + 1)) : 0;
        if (port == 0) {
            throw new TypeConversionException("found '" + value + "', allowed HOST:PORT with a port from 1 to 65535");
        }
        final String host = value.substring(0, colon);
        try {
            return new InetSocketAddress(InetAddress.getAllByName(host)[0], port);
        } catch (final UnknownHostException e) {
            throw new TypeConversionException("found host '" + host + "', allowed one that can be resolved");
        }
    }

    private static int port(final String text) {
        if (!text.matches("[0-9]{1,5}")) {
            return 0;
        }
        final int port = Integer.parseInt(text);
        return port <= MAX_PORT ? port : 0;
    }
}
