// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.roadhaze.anonymizer.key.KeyEncryptionKey;
import org.roadhaze.engine.DirectoryInUseException;
import org.roadhaze.engine.EngineConfig;
import org.roadhaze.engine.EngineOptions;
import org.roadhaze.engine.JournalErasure;
import org.roadhaze.engine.JournalRotation;
import org.roadhaze.journal.FrameOpener;
import org.roadhaze.journal.KeyProvision;
import org.roadhaze.journal.KeyRotation;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.protocol.FrameResult;
import org.roadhaze.reader.JournalReader;
import org.roadhaze.stream.StreamFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What can be done with the journals of a data directory, by who holds the key-encryption key. */
@Command(
        name = "journal",
        description =
                "Reads journals, ends what they hold of a device, and changes their key-encryption key, which it needs.",
        mixinStandardHelpOptions = true,
        subcommands = {JournalCommand.Read.class, JournalCommand.Erase.class, JournalCommand.RotateKey.class})
public final class JournalCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "journal: found no command, allowed read, erase, rotate-key");
    }

    /** Where the data and the key are. */
    static final class Place {
        private static final int MOST_DIGITS = 18;

        @Spec(Spec.Target.MIXEE)
        private CommandSpec mixee;

        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "The data directory (default: that of --config, or else data).")
        private Path data;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description =
                        "The configuration, where it says where data or key file are. Without it the key is taken from"
                                + " the environment variable " + KeyProvision.VARIABLE
                                + ", or from keys/journal.key of the data.")
        private Path config;

        private EngineOptions options() {
            return config == null ? null : EngineConfig.read(config);
        }

        Path data() {
            final EngineOptions options = options();
            final Path directory = data != null ? data : options != null ? options.data() : Path.of("data");
            if (!Files.isDirectory(directory)) {
                throw new ParameterException(
                        mixee.commandLine(), "--data: found " + directory + ", which is no directory");
            }
            return directory;
        }

        KeyEncryptionKey key() {
            return KeyProvision.forReader(data(), keyFile());
        }

        Path keyFile() {
            final EngineOptions options = options();
            return options == null ? null : options.journal().keyFile();
        }

        long device(final String imei) {
            if (imei.isEmpty() || imei.length() > MOST_DIGITS || !imei.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw new ParameterException(
                        mixee.commandLine(),
                        "--device: found no number, allowed the device's, as of an IMEI: up to " + MOST_DIGITS
                                + " digits");
            }
            return Long.parseLong(imei);
        }
    }

    /** Opens and decodes what a journal holds. */
    @Command(
            name = "read",
            description =
                    "Opens the frames of a journal and prints their positions. An engine may be running. Exit 1 when a"
                            + " frame or a document was altered.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class Read implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Option(names = "--stream", paramLabel = "S", required = true, description = "The journal's name.")
        private String stream;

        @Mixin
        private Place place;

        @Option(names = "--device", paramLabel = "IMEI", description = "The frames of one device alone.")
        private String device;

        @Option(names = "--json", description = "One JSON object a frame.")
        private boolean json;

        private final PositionBatch batch = new PositionBatch();
        private long frames;
        private long destroyed;
        private long tampered;

        @Override
        public Integer call() throws IOException {
            final Path data = place.data();
            final List<String> there = StreamFiles.names(data);
            if (!there.contains(stream)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--stream: found '" + stream + "', allowed "
                                + (there.isEmpty() ? "none: there are no streams" : String.join(", ", there)));
            }
            final PrintWriter out = spec.commandLine().getOut();
            final PrintWriter err = spec.commandLine().getErr();
            try (JournalReader reader = JournalReader.open(data, stream, place.key())) {
                while (reader.next() && !out.checkError()) {
                    print(reader, out);
                }
                out.flush();
                err.printf(
                        "%d frames read, %d whose key is destroyed, %d that were altered, %d documents that are not as they"
                                + " were written%n",
                        frames, destroyed, tampered, reader.unreadableDocuments());
                err.flush();
                return tampered + reader.unreadableDocuments() == 0 ? Exit.OK : Exit.FAILED;
            }
        }

        private void print(final JournalReader reader, final PrintWriter out) {
            final Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("index", Long.toHexString(reader.index()));
            fields.put("received", reader.receivedTime().toString());
            if (reader.answer() == FrameOpener.Answer.OPEN) {
                if (device != null && reader.deviceId() != place.device(device)) {
                    return;
                }
                frames++;
                fields.put("device", Long.toString(reader.deviceId()));
                fields.put("protocol", reader.protocol());
                fields.put("transport", reader.isDatagram() ? "udp" : "tcp");
                final FrameResult result = reader.decode(batch);
                fields.put("result", result.label());
                final List<Object> positions = new ArrayList<>();
                for (int i = 0; i < batch.size(); i++) {
                    positions.add(PositionFields.of(batch.get(i), batch.frame()));
                }
                fields.put("positions", positions);
            } else {
                final boolean isDestroyed = reader.answer() == FrameOpener.Answer.KEY_DESTROYED;
                destroyed += isDestroyed ? 1 : 0;
                tampered += isDestroyed ? 0 : 1;
                if (device != null) {
                    return; // Nobody knows whose it is.
                }
                fields.put("sealed", isDestroyed ? "its key is destroyed" : "it was altered");
            }
            out.println(json ? JsonText.of(fields) : text(fields));
        }

        private static String text(final Map<String, Object> fields) {
            final StringBuilder text = new StringBuilder();
            fields.forEach((name, value) -> {
                if (value instanceof List<?> positions) {
                    for (final Object position : positions) {
                        text.append(System.lineSeparator()).append("  ").append(JsonText.of(position));
                    }
                } else {
                    text.append(text.length() == 0 ? "" : ", ")
                            .append(name)
                            .append(' ')
                            .append(value);
                }
            });
            return text.toString();
        }
    }

    /** Destroys the keys of a device. */
    @Command(
            name = "erase",
            description = "Destroys the data keys of a device: no frame of it in any journal can be opened any more, by"
                    + " anybody. Exit 3 when an engine is running there: stop it first, since it remembers keys.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class Erase implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Option(names = "--device", paramLabel = "IMEI", required = true, description = "Whose keys.")
        private String device;

        @Mixin
        private Place place;

        @Override
        public Integer call() throws IOException {
            final int keys;
            try {
                keys = JournalErasure.erase(place.data(), place.key(), place.device(device));
            } catch (final DirectoryInUseException e) {
                spec.commandLine()
                        .getErr()
                        .println("roadhaze: " + e.getMessage()
                                + ": stop it first, since it would go on sealing under keys that it remembers; nothing was"
                                + " destroyed");
                spec.commandLine().getErr().flush();
                return Exit.CANNOT_START;
            }
            spec.commandLine()
                    .getOut()
                    .println(
                            keys == 0
                                    ? "no key of this device is there: nothing to destroy"
                                    : keys == 1
                                            ? "1 key destroyed: what was sealed under it cannot be opened any more"
                                            : keys
                                                    + " keys destroyed: what was sealed under them cannot be opened any more");
            spec.commandLine().getOut().flush();
            return Exit.OK;
        }
    }

    /** Wraps the data keys with another key-encryption key. */
    @Command(
            name = "rotate-key",
            description = {
                "Wraps the data keys of all devices with another key-encryption key. What is sealed stays as it is, and is read"
                        + " with the other key from then on.",
                "To be done again should it be interrupted. Exit 3 when an engine is running there: stop it first, since it"
                        + " goes by the key that it has. Copies of the key store of before are still opened by the key before."
            },
            usageHelpAutoWidth = true,
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class RotateKey implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Option(
                names = "--to",
                paramLabel = "FILE",
                required = true,
                description = "The file of the other key; made when it is not there.")
        private Path to;

        @Mixin
        private Place place;

        @Override
        public Integer call() throws IOException {
            final int keys;
            try {
                keys = JournalRotation.rotate(place.data(), place.keyFile(), to);
            } catch (final DirectoryInUseException e) {
                spec.commandLine()
                        .getErr()
                        .println("roadhaze: " + e.getMessage()
                                + ": stop it first, since it goes by the key that it has; nothing was changed");
                spec.commandLine().getErr().flush();
                return Exit.CANNOT_START;
            }
            final PrintWriter out = spec.commandLine().getOut();
            out.printf(
                    "%s wrapped with the key of %s%n",
                    keys == KeyRotation.DONE_BEFORE
                            ? "all keys were already"
                            : keys == 1 ? "1 key is now" : keys + " keys are now",
                    to);
            out.printf(
                    "before the engine starts, say  journal: { key-file: %s }  in its configuration, or supply that key by %s%n",
                    to.toAbsolutePath().normalize(), KeyProvision.VARIABLE);
            out.flush();
            return Exit.OK;
        }
    }
}
