// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.anonymizer.DisclosureLedger;
import org.roadhaze.anonymizer.DisclosureTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The account of what one worker lets out of each device of one stream, a file a day, which only its owner may read. It is
 * kept in memory and saved now and then: a killed engine forgets what it let out since, and never what it kept back.
 *
 * <p>The worker opens the tables and writes them; {@link #save} is another thread's.
 */
public final class DisclosureFiles implements DisclosureLedger.Tables {
    private static final String SUFFIX = ".disclosure";
    private static final String UNFINISHED = ".new";
    private static final String DAMAGED = ".damaged";
    private static final String ANY_DAY = "????-??-??-*" + SUFFIX;
    private static final int DAY_LENGTH = 10;
    private static final Logger LOG = LoggerFactory.getLogger(DisclosureFiles.class);
    private static final int PAGE = 4096;
    private static final int DAYS_KEPT = 30;

    private final Path directory;
    private final int worker;
    private volatile Table current;
    private boolean complained;

    private record Table(long day, ByteBuffer memory) {}

    /**
     * Makes the account of a worker; nothing is opened yet.
     *
     * @param data   the data directory.
     * @param stream the stream's name.
     * @param worker the worker's number.
     */
    public DisclosureFiles(final Path data, final String stream, final int worker) {
        this.directory = StreamFiles.disclosures(data, stream);
        this.worker = worker;
    }

    /**
     * How much memory outside the heap the account of one worker takes of one stream.
     *
     * @param devices how many find a place in it.
     * @return bytes: at midnight the account of the day before is still there beside the new one.
     */
    public static long memoryBytes(final int devices) {
        return 2 * DisclosureTable.length(devices);
    }

    /**
     * The accounts that are there of a stream on a day, one of each worker.
     *
     * @param data   the data directory.
     * @param stream the stream's name.
     * @param day    the day.
     * @return the tables, each for {@link DisclosureTable#rows}; none when nothing was saved.
     * @throws IOException when a file cannot be read, or is no account of that day.
     */
    public static List<MutableDirectBuffer> read(final Path data, final String stream, final LocalDate day)
            throws IOException {
        final List<MutableDirectBuffer> tables = new ArrayList<>();
        for (final Path file : files(StreamFiles.disclosures(data, stream), day + "-*" + SUFFIX)) {
            final MutableDirectBuffer table = new UnsafeBuffer(ByteBuffer.wrap(Files.readAllBytes(file)));
            if (!DisclosureTable.isOfDay(table, day.toEpochDay())) {
                throw new IOException(
                        file + ": found something else, allowed an account of that day as this version writes it");
            }
            tables.add(table);
        }
        return tables;
    }

    /**
     * The days of which a stream has an account.
     *
     * @param data   the data directory.
     * @param stream the stream's name.
     * @return the days, the oldest first.
     * @throws IOException when the directory cannot be read.
     */
    public static List<LocalDate> days(final Path data, final String stream) throws IOException {
        final TreeSet<LocalDate> days = new TreeSet<>();
        for (final Path file : files(StreamFiles.disclosures(data, stream), ANY_DAY)) {
            final LocalDate day = day(file);
            if (day != null) {
                days.add(day);
            }
        }
        return List.copyOf(days);
    }

    /** The day of an account; null of a file that is none. */
    private static LocalDate day(final Path file) {
        try {
            return LocalDate.parse(file.getFileName().toString().substring(0, DAY_LENGTH));
        } catch (final DateTimeParseException e) {
            return null;
        }
    }

    private static List<Path> files(final Path directory, final String pattern) throws IOException {
        final List<Path> files = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, pattern)) {
                found.forEach(files::add);
            } catch (final DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
        Collections.sort(files);
        return files;
    }

    @Override
    public MutableDirectBuffer of(final long day, final long length) {
        if (length > Integer.MAX_VALUE) {
            complain("a table of " + length + " bytes is too long");
            return null;
        }
        saveQuietly(); // The last of the day before.
        final ByteBuffer memory;
        try {
            memory = saved(day, (int) length);
        } catch (final OutOfMemoryError e) { // Of memory outside the heap: no reason to let no record through.
            complain("there is no memory for a table of " + (length >> 20) + " MiB");
            return null;
        }
        current = new Table(day, memory);
        return new UnsafeBuffer(memory);
    }

    /** What was saved of a day; zeros when there is nothing, or nothing to go on with, which is put aside. */
    private ByteBuffer saved(final long day, final int length) {
        final ByteBuffer memory = ByteBuffer.allocateDirect(length);
        final Path file = file(day, length);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            int read = channel.read(memory);
            while (read >= 0 && memory.hasRemaining()) {
                read = channel.read(memory);
            }
            if (!memory.hasRemaining() && DisclosureTable.isOfDay(new UnsafeBuffer(memory.clear()), day)) {
                return memory;
            }
            LOG.warn("{} is damaged, or another version's: it is put aside, and the day's account begins anew", file);
            Files.move(file, directory.resolve(file.getFileName() + DAMAGED), StandardCopyOption.REPLACE_EXISTING);
        } catch (final NoSuchFileException e) {
            return memory.clear(); // The day's first start.
        } catch (final IOException e) {
            complain(e.getMessage());
        }
        return ByteBuffer.allocateDirect(length);
    }

    /**
     * Saves the account as it is now; what cannot be saved is said once, and tried again. One thread at a time.
     */
    public synchronized void saveQuietly() {
        final Table table = current;
        if (table == null) {
            return;
        }
        try {
            save(table);
            complained = false;
        } catch (final IOException e) {
            complain(e.getMessage());
        }
    }

    /** Pages of zeros are left out: the file has holes there. */
    private void save(final Table table) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        final Path file = file(table.day(), table.memory().capacity());
        final Path unfinished = directory.resolve(file.getFileName() + UNFINISHED);
        Files.deleteIfExists(unfinished);
        final ByteBuffer memory = table.memory().duplicate();
        final UnsafeBuffer words = new UnsafeBuffer(memory);
        try (FileChannel channel = FileChannel.open(
                unfinished,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            final int length = words.capacity();
            for (int from = 0; from < length; from += PAGE) {
                final int end = Math.min(length, from + PAGE);
                if (end == length || !isZero(words, from, end)) {
                    memory.limit(end).position(from);
                    while (memory.hasRemaining()) {
                        channel.write(memory, memory.position());
                    }
                }
            }
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        deleteOld(directory, table.day());
    }

    /**
     * Deletes the accounts of a stream, of all its workers, that a worker that goes on would have deleted. A stream's that has
     * none any more.
     *
     * @param data   the data directory; the caller alone writes there.
     * @param stream the stream's name.
     * @param nowMs  milliseconds since 1970-01-01 UTC.
     * @throws IOException when some may still be there.
     */
    public static void deleteOld(final Path data, final String stream, final long nowMs) throws IOException {
        deleteOld(
                StreamFiles.disclosures(data, stream),
                Math.floorDiv(nowMs, Duration.ofDays(1).toMillis()));
    }

    private static void deleteOld(final Path directory, final long day) throws IOException {
        final LocalDate oldest = LocalDate.ofEpochDay(day - DAYS_KEPT);
        for (final Path file : files(directory, "????-??-??-*")) {
            final LocalDate fileDay = day(file);
            if (fileDay != null && fileDay.isBefore(oldest)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static boolean isZero(final UnsafeBuffer words, final int from, final int end) {
        for (int at = from; at + Long.BYTES <= end; at += Long.BYTES) {
            if (words.getLong(at) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Tables of another length, of an engine that was set to another number of devices, are other files. */
    private Path file(final long day, final int length) {
        return directory.resolve(LocalDate.ofEpochDay(day) + "-" + worker + "-" + length + SUFFIX);
    }

    private void complain(final String what) {
        if (!complained) {
            complained = true;
            LOG.warn("The account of what left cannot be kept in {}: {}", directory, what);
        }
    }
}
