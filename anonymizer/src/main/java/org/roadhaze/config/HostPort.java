// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.config;

/**
 * A host and a port, {@code 127.0.0.1:5027}, {@code localhost:0} or {@code [::1]:5027}.
 *
 * @param host name or address, without brackets; nothing is resolved.
 * @param port in [0, 65535]; 0 lets the system choose where something is bound.
 */
public record HostPort(String host, int port) {
    /** What a person may write. */
    public static final String ALLOWED = "HOST:PORT, such as 127.0.0.1:5027 or [::1]:5027, with a port of 0 to 65535";

    /**
     * Reads a host and a port.
     *
     * @param text what a person wrote.
     * @return the pair, or null when it is not one.
     */
    public static HostPort parse(final String text) {
        final int colon = text.lastIndexOf(':');
        if (colon <= 0 || colon > text.length() - 2 || text.length() - colon > 6) {
            return null;
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            return null;
        }
        int port = 0;
        for (int i = colon + 1; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return null;
            }
            port = 10 * port + c - '0';
        }
        return host.isBlank() || port > 65535 ? null : new HostPort(host, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
