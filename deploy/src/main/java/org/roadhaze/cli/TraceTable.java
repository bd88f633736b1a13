// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.roadhaze.protocol.FieldTrace;

/** Collects what a decoder reads in one frame, and prints it: a line a field, with offset, bytes, name, value, unit. */
final class TraceTable implements FieldTrace {
    private static final HexFormat HEX = HexFormat.of().withDelimiter(" ");
    private static final int SHOWN_BYTES = 8;

    private record Row(int offset, int length, String name, String value, String unit) {}

    private final List<Row> rows = new ArrayList<>();

    @Override
    public void field(final int offset, final int length, final String name, final long value, final String unit) {
        final String text = length == 8 && value < 0 ? Long.toUnsignedString(value) : Long.toString(value);
        rows.add(new Row(offset, length, name, text, unit));
    }

    @Override
    public void bytes(final int offset, final int length, final String name) {
        rows.add(new Row(offset, length, name, null, ""));
    }

    @Override
    public void remark(final int offset, final String text) {
        rows.add(new Row(offset, 0, null, text, ""));
    }

    void clear() {
        rows.clear();
    }

    /**
     * The remark that was made last about an offset: why decoding ended there.
     *
     * @param offset of the byte.
     * @return the remark, or null.
     */
    String remarkAt(final int offset) {
        for (int i = rows.size() - 1; i >= 0; i--) {
            if (rows.get(i).name() == null && rows.get(i).offset() == offset) {
                return rows.get(i).value();
            }
        }
        return null;
    }

    void print(final byte[] frame, final PrintWriter out) {
        out.printf("  %6s  %-26s %-22s %20s %s%n", "offset", "bytes", "field", "value", "unit");
        for (final Row row : rows) {
            if (row.name() == null) {
                out.printf("  %6d  -- %s%n", row.offset(), row.value());
            } else {
                final int shown = Math.min(row.length(), SHOWN_BYTES);
                final String bytes = HEX.formatHex(frame, row.offset(), row.offset() + shown);
                out.printf(
                        "  %6d  %-26s %-22s %20s %s%n",
                        row.offset(),
                        shown < row.length() ? bytes + " .." : bytes,
                        row.name(),
                        row.value() == null ? row.length() + " bytes" : row.value(),
                        row.value() == null ? text(frame, row) : row.unit());
            }
        }
    }

    private static String text(final byte[] frame, final Row row) {
        final StringBuilder text = new StringBuilder();
        for (int i = row.offset(); i < row.offset() + row.length(); i++) {
            text.append(frame[i] >= ' ' && frame[i] <= '~' ? (char) frame[i] : '.');
        }
        return text.toString();
    }
}
