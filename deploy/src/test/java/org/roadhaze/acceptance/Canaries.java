// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.roadhaze.simulator.LedgerReader;

/**
 * What must not be found in any file: identities and places in every way of writing them that a wire, a queue, a log or
 * Java itself has. Finds them at any offset, whatever lies around them.
 *
 * <p>The shortest has four bytes: a few hundred of them are met by chance in a mebibyte of random bytes once in a hundred
 * times or less, so that places are to be searched one by one in small files, and in pairs in large ones. A simulated
 * IMEI has five significant bytes, the first two almost the same for all devices, and the times and places of a queue
 * are far from random: with those five alone, a replay of 40,000 records raised a false alarm about once in 10,000 runs
 * (and did). The zeros that a long has around them belong to the canary, which leaves less than one in 100,000.
 */
final class Canaries {
    private static final int IMEI_DIGITS = 15;

    /** One way of writing one thing. */
    static final class Canary {
        private final String name;
        private final byte[] bytes;

        private Canary(final String name, final byte[] bytes) {
            this.name = name;
            this.bytes = bytes;
        }

        /** Which way; never the thing itself. */
        String name() {
            return name;
        }

        /** At least four. */
        byte[] bytes() {
            return bytes.clone();
        }
    }

    private final Map<Integer, List<Canary>> byFirstBytes = new HashMap<>();
    private final List<Canary> all = new ArrayList<>();
    private final Set<Object> known = new HashSet<>();

    /** The identities of a ledger. */
    Canaries imeis(final Path ledger) throws IOException {
        LedgerReader.read(ledger, (imei, timeMs, latitudeE7, longitudeE7, sequence) -> imei(imei));
        return this;
    }

    /** The places of a ledger, each coordinate by itself. */
    Canaries coordinates(final Path ledger) throws IOException {
        LedgerReader.read(ledger, (imei, timeMs, latitudeE7, longitudeE7, sequence) -> {
            coordinate("latitude", latitudeE7);
            coordinate("longitude", longitudeE7);
        });
        return this;
    }

    /** The places of a ledger, latitude and longitude in a row or the other way round; not the null island. */
    Canaries places(final Path ledger) throws IOException {
        LedgerReader.read(ledger, (imei, timeMs, latitudeE7, longitudeE7, sequence) -> {
            if ((latitudeE7 != 0 || longitudeE7 != 0) && known.add(List.of(latitudeE7, longitudeE7))) {
                for (final ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
                    add("place, 1e-7 degrees", ints(order, latitudeE7, longitudeE7));
                    add("place, 1e-7 degrees", ints(order, longitudeE7, latitudeE7));
                    add("latitude, double", doubleOf(order, latitudeE7));
                    add("longitude, double", doubleOf(order, longitudeE7));
                }
            }
        });
        return this;
    }

    List<Canary> all() {
        return all;
    }

    private void imei(final long imei) {
        if (!known.add(imei)) {
            return;
        }
        final String digits = String.format("%0" + IMEI_DIGITS + "d", imei);
        add("IMEI, ASCII", digits.getBytes(StandardCharsets.US_ASCII));
        add("IMEI, ASCII without leading zeros", Long.toString(imei).getBytes(StandardCharsets.US_ASCII));
        add("IMEI, UTF-16", digits.getBytes(StandardCharsets.UTF_16LE));
        add("IMEI, packed decimal", packed("0" + digits));
        add("IMEI, packed decimal, shifted", packed(digits + "0"));
        add("IMEI, big endian", longOf(ByteOrder.BIG_ENDIAN, imei));
        add("IMEI, little endian", longOf(ByteOrder.LITTLE_ENDIAN, imei));
    }

    private void coordinate(final String what, final int valueE7) {
        if (!known.add(what + valueE7)) {
            return;
        }
        final int gt06 = (int) ((Math.abs((long) valueE7) * 9 + 25) / 50);
        for (final ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            final String suffix = order == ByteOrder.LITTLE_ENDIAN ? ", little endian" : ", big endian";
            add(what + ", 1e-7 degrees" + suffix, ints(order, valueE7));
            add(what + ", 1e-6 degrees" + suffix, ints(order, valueE7 / 10));
            add(what + ", 1/1800000 degrees" + suffix, ints(order, gt06));
            add(what + ", double" + suffix, doubleOf(order, valueE7));
            add(
                    what + ", float" + suffix,
                    ByteBuffer.allocate(Float.BYTES)
                            .order(order)
                            .putFloat((float) (valueE7 * 1e-7))
                            .array());
        }
        final int magnitude = Math.abs(valueE7);
        final String fiveDecimals = String.format("%d.%05d", magnitude / 10_000_000, magnitude % 10_000_000 / 100);
        add(what + ", ASCII with five decimals or more", fiveDecimals.getBytes(StandardCharsets.US_ASCII));
        add(what + ", ASCII 1e-7 degrees", Integer.toString(magnitude).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] ints(final ByteOrder order, final int... values) {
        final ByteBuffer bytes =
                ByteBuffer.allocate(Integer.BYTES * values.length).order(order);
        for (final int value : values) {
            bytes.putInt(value);
        }
        return bytes.array();
    }

    private static byte[] doubleOf(final ByteOrder order, final int valueE7) {
        return ByteBuffer.allocate(Double.BYTES)
                .order(order)
                .putDouble(valueE7 * 1e-7)
                .array();
    }

    private static byte[] packed(final String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static byte[] longOf(final ByteOrder order, final long value) {
        return ByteBuffer.allocate(Long.BYTES).order(order).putLong(value).array();
    }

    private void add(final String name, final byte[] bytes) {
        if (Arrays.equals(bytes, new byte[bytes.length])) {
            throw new IllegalArgumentException(name + " is all zeros: it would be found everywhere");
        }
        final Canary canary = new Canary(name, bytes);
        all.add(canary);
        byFirstBytes
                .computeIfAbsent(prefix(bytes[0], bytes[1]), key -> new ArrayList<>())
                .add(canary);
    }

    private static int prefix(final byte first, final byte second) {
        return ((first & 0xFF) << 8) | (second & 0xFF);
    }

    /**
     * Searches every byte of every file.
     *
     * @param directory with all that is below it.
     * @return what was found: the file's name and the way of writing, each once.
     */
    Set<String> in(final Path directory) throws IOException {
        final List<Path> files;
        try (Stream<Path> walk = Files.walk(directory)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        if (files.isEmpty()) {
            throw new IOException(directory + " has no files: there is nothing to search");
        }
        final Set<String> found = new HashSet<>();
        for (final Path file : files) {
            try (FileChannel channel = FileChannel.open(file)) {
                search(
                        channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()),
                        directory.relativize(file).toString(),
                        found);
            }
        }
        return found;
    }

    private void search(final MappedByteBuffer bytes, final String file, final Set<String> found) {
        final int last = bytes.limit() - 1;
        for (int at = 0; at < last; at++) {
            if (bytes.get(at) == 0
                    && at + 2 * Long.BYTES <= last
                    && bytes.getLong(at) == 0
                    && bytes.getLong(at + Long.BYTES) == 0) {
                at += Long.BYTES - 1; // Files are mostly empty, and no canary begins with eight zeros.
                continue;
            }
            final List<Canary> candidates = byFirstBytes.get(prefix(bytes.get(at), bytes.get(at + 1)));
            if (candidates != null) {
                for (final Canary canary : candidates) {
                    if (stands(canary.bytes, bytes, at)) {
                        found.add(file + ": " + canary.name);
                    }
                }
            }
        }
    }

    private static boolean stands(final byte[] canary, final MappedByteBuffer bytes, final int at) {
        if (at + canary.length > bytes.limit()) {
            return false;
        }
        for (int i = 0; i < canary.length; i++) {
            if (bytes.get(at + i) != canary[i]) {
                return false;
            }
        }
        return true;
    }
}
