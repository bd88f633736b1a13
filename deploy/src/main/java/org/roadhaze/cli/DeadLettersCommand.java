// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.roadhaze.journal.FrameOpener;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.reader.DeadLetterReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows the frames that came to nothing and were kept, to who holds the key-encryption key. */
@Command(
        name = "dead-letters",
        description = {
            "Opens the frames that could not be cut, decoded or processed and were kept, and decodes each once more: one JSON"
                    + " object a line, with why it came to nothing, its bytes, and what it is now.",
            "roadhaze decode explains the bytes field by field. Of each reason the first is kept, the second, the fourth, the"
                    + " eighth and so on; 256 in all, for 30 days. An engine may be running. Exit 1 when one was altered."
        },
        usageHelpAutoWidth = true,
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class DeadLettersCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private JournalCommand.Place place;

    private final PositionBatch batch = new PositionBatch();

    @Override
    public Integer call() throws IOException {
        final Path data = place.data();
        final PrintWriter out = spec.commandLine().getOut();
        int opened = 0;
        int destroyed = 0;
        int altered = 0;
        try (DeadLetterReader reader = open(data)) {
            while (reader.next() && !out.checkError()) {
                switch (reader.answer()) {
                    case OPEN -> opened++;
                    case KEY_DESTROYED -> destroyed++;
                    case TAMPERED -> altered++;
                }
                out.println(JsonText.of(fields(reader)));
            }
        }
        out.flush();
        final PrintWriter err = spec.commandLine().getErr();
        err.printf("%d frames opened, %d whose key is destroyed, %d that were altered%n", opened, destroyed, altered);
        err.flush();
        return altered == 0 ? Exit.OK : Exit.FAILED;
    }

    private DeadLetterReader open(final Path data) {
        try {
            return DeadLetterReader.open(data, place::key);
        } catch (final IOException e) {
            throw new ParameterException(spec.commandLine(), "--data: " + e.getMessage(), e);
        }
    }

    private Map<String, Object> fields(final DeadLetterReader reader) {
        final Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("received", Instant.ofEpochMilli(reader.receivedTimeMs()).toString());
        fields.put("why", reader.why());
        fields.put("length", reader.frameLength());
        if (reader.answer() != FrameOpener.Answer.OPEN) {
            final boolean isDestroyed = reader.answer() == FrameOpener.Answer.KEY_DESTROYED;
            fields.put("sealed", isDestroyed ? "its key is destroyed" : "it was altered");
            return fields;
        }
        final boolean isKnown = reader.deviceId() != ProtocolDecoder.NO_DEVICE;
        fields.put("device", isKnown ? Long.toString(reader.deviceId()) : null);
        fields.put("protocol", reader.protocol());
        fields.put("transport", reader.isDatagram() ? "udp" : "tcp");
        fields.put("bytes", HexFormat.of().formatHex(reader.frame()));
        decode(reader, fields);
        return fields;
    }

    private void decode(final DeadLetterReader reader, final Map<String, Object> fields) {
        try {
            fields.put("result", reader.decode(batch).label());
        } catch (final RuntimeException again) {
            fields.put("throws", again + (again.getStackTrace().length == 0 ? "" : " at " + again.getStackTrace()[0]));
            return;
        }
        final List<Object> positions = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            positions.add(PositionFields.of(batch.get(i), batch.frame()));
        }
        fields.put("positions", positions);
    }
}
