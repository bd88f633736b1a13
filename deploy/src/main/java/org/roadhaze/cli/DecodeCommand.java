// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.position.Plausibility;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.protocol.DecoderOptions;
import org.roadhaze.protocol.DeviceSession;
import org.roadhaze.protocol.FrameResult;
import org.roadhaze.protocol.Protocol;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.protocol.Protocols;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code roadhaze decode}: explains captured frames with the decoders of the engine.
 *
 * <p>Exit codes: 0 when every frame is ok, 1 when one is not, 2 when the input is no hex or cannot be read.
 */
@Command(
        name = "decode",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Explains captured frames: one a line in hex, all lines one connection, in order.",
        footer = {
            "",
            "The result of a frame is one of:",
            "  ok           decoded",
            "  checksum     the check sum is wrong",
            "  malformed    the content contradicts itself",
            "  incomplete   the frame ends before it is complete",
            "  unsupported  intact, but of a kind that is not decoded",
            "Blank lines and lines that begin with # are passed over.",
            "A line that is no hex is told and passed over; 0x before a line is allowed.",
            "Exit code: 0 all frames are ok, 1 one is not, 2 a line or the input cannot be read."
        })
public final class DecodeCommand implements Callable<Integer> {
    /** Who frames are from when no login came before: decoders want someone. */
    private static final long NOBODY = Long.MAX_VALUE;

    private static final int NOT_ALL_OK = 1;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-p", "--protocol"},
            required = true,
            paramLabel = "NAME",
            description = "The protocol, as configuration spells it.")
    private String protocolName;

    @Option(names = "--udp", description = "Every line is a datagram. Without it, datagrams are recognized.")
    private boolean udp;

    @Option(
            names = "--ignore-checksum",
            description = "Decodes on past a wrong check sum and says so: captured frames are often altered by hand.")
    private boolean ignoreChecksum;

    @Option(
            names = "--time-zone",
            paramLabel = "OFFSET",
            converter = UtcOffsetConverter.class,
            description = "What the device's clock shows, as +08:00, where the protocol has local times. Default: UTC.")
    private ZoneOffset timeZone;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            defaultValue = "-",
            description = "The frames; - is standard input.")
    private String file;

    private final TraceTable trace = new TraceTable();
    private final PositionBatch batch = new PositionBatch();
    private final DeviceSession session = new DeviceSession();
    private Protocol protocol;
    private long deviceId = ProtocolDecoder.NO_DEVICE;
    private int frames;

    @Override
    public Integer call() {
        protocol = Protocols.byName(protocolName)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "unknown protocol '" + protocolName + "': allowed are "
                                + Protocols.all().stream().map(Protocol::name).collect(Collectors.joining(", "))));
        if (udp && protocol.udp() == null) {
            throw new ParameterException(spec.commandLine(), protocolName + " has no datagrams: leave --udp out");
        }
        if (timeZone != null && !protocol.localTime()) {
            throw new ParameterException(
                    spec.commandLine(), "the times of " + protocolName + " are UTC: leave --time-zone out");
        }
        try (BufferedReader lines = open()) {
            return decodeLines(lines);
        } catch (final FileSystemException e) {
            spec.commandLine().getErr().println(Failures.sentence(e));
            return CommandLine.ExitCode.USAGE;
        } catch (final IOException e) {
            spec.commandLine().getErr().println(file + ": cannot be read: " + Failures.sentence(e));
            return CommandLine.ExitCode.USAGE;
        }
    }

    private BufferedReader open() throws IOException {
        return file.equals("-")
                ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.ISO_8859_1))
                : Files.newBufferedReader(Path.of(file), StandardCharsets.ISO_8859_1);
    }

    private int decodeLines(final BufferedReader lines) throws IOException {
        int exit = CommandLine.ExitCode.OK;
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            final String hex = line.replaceAll("\\s", "").replaceFirst("^0[xX]", "");
            if (hex.isEmpty() || hex.startsWith("#")) {
                continue;
            }
            final String wrong = whatIsWrong(hex);
            if (wrong != null) {
                final String where = file.equals("-") ? "standard input" : file;
                spec.commandLine().getErr().println(where + ":" + number + ": " + wrong);
                exit = CommandLine.ExitCode.USAGE;
            } else if (!decode(HexFormat.of().parseHex(hex))) {
                exit = Math.max(exit, NOT_ALL_OK);
            }
        }
        return exit;
    }

    private static String whatIsWrong(final String hex) {
        for (int i = 0; i < hex.length(); i++) {
            if (!HexFormat.isHexDigit(hex.charAt(i))) {
                return "'" + hex.charAt(i) + "' found: only hexadecimal digits and blanks are allowed";
            }
        }
        return hex.length() % 2 == 0 ? null : "an odd number of hexadecimal digits (" + hex.length() + "): two a byte";
    }

    private boolean decode(final byte[] frame) {
        frames++;
        trace.clear();
        final UnsafeBuffer buffer = new UnsafeBuffer(frame);
        final boolean datagram = udp || isDatagram(buffer);
        final ProtocolDecoder decoder = decoder(datagram, !ignoreChecksum);
        final long named = decoder.deviceId(buffer, 0, frame.length);
        final long known = datagram ? named : deviceId;
        final long receivedTimeMs = SystemEpochClock.INSTANCE.time();
        session.reset(known == ProtocolDecoder.NO_DEVICE ? NOBODY : known, receivedTimeMs);
        final boolean checksumWrong = ignoreChecksum
                && decoder(datagram, true).decode(buffer, 0, frame.length, session, batch) == FrameResult.CHECKSUM;
        trace.clear();
        FrameResult result = decoder.decode(buffer, 0, frame.length, session, batch);
        if (decoder.frameLength(buffer, 0, frame.length) == ProtocolDecoder.NEED_MORE) {
            batch.discardPositions();
            batch.acknowledgementLength(0);
            batch.rejectedAtOffset(frame.length);
            result = FrameResult.INCOMPLETE;
        }
        for (int i = 0; i < batch.size(); i++) {
            Plausibility.judge(batch.get(i).receivedTimeMs(receivedTimeMs));
        }
        if (result == FrameResult.LOGIN) {
            deviceId = named;
        }
        final long device = named == ProtocolDecoder.NO_DEVICE ? known : named;
        final PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonText.of(describe(result, device, checksumWrong)));
        } else {
            print(frame, result, device, checksumWrong, out);
        }
        out.flush();
        return result.isOk();
    }

    private ProtocolDecoder decoder(final boolean datagram, final boolean verifyChecksum) {
        return (datagram ? protocol.udp() : protocol.tcp())
                .apply(new DecoderOptions(verifyChecksum, trace, timeZone == null ? ZoneOffset.UTC : timeZone));
    }

    /** No frame of the stream, but a whole datagram. */
    private boolean isDatagram(final UnsafeBuffer buffer) {
        final int length = buffer.capacity();
        if (protocol.tcp() == null) {
            return true;
        }
        return protocol.udp() != null
                && decoder(false, true).frameLength(buffer, 0, length) != length
                && decoder(true, true).frameLength(buffer, 0, length) == length;
    }

    private Map<String, Object> describe(final FrameResult result, final long device, final boolean checksumWrong) {
        final Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("frame", frames);
        fields.put("result", result.label());
        fields.put("device", device == ProtocolDecoder.NO_DEVICE ? null : Long.toString(device));
        fields.put("acknowledgement", batch.acknowledgementLength() == 0 ? null : acknowledgement());
        final List<Object> positions = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            positions.add(PositionFields.of(batch.get(i), batch.frame()));
        }
        fields.put("positions", positions);
        if (checksumWrong) {
            fields.put("checksum", "wrong");
        }
        if (!result.isOk() && batch.rejectedAtOffset() >= 0) {
            fields.put("offset", batch.rejectedAtOffset());
            fields.put("reason", trace.remarkAt(batch.rejectedAtOffset()));
        }
        return fields;
    }

    private void print(
            final byte[] frame,
            final FrameResult result,
            final long device,
            final boolean checksumWrong,
            final PrintWriter out) {
        out.printf(
                "frame %d: %s, %d bytes, device %s%s%n",
                frames,
                result.label(),
                frame.length,
                device == ProtocolDecoder.NO_DEVICE ? "unknown" : Long.toString(device),
                checksumWrong ? ", WRONG CHECK SUM IGNORED" : "");
        trace.print(frame, out);
        if (!result.isOk() && batch.rejectedAtOffset() >= 0) {
            final String reason = trace.remarkAt(batch.rejectedAtOffset());
            out.printf("  failed at byte %d: %s%n", batch.rejectedAtOffset(), reason == null ? result.label() : reason);
        }
        for (int i = 0; i < batch.size(); i++) {
            out.printf("  position %d%n", i + 1);
            PositionFields.of(batch.get(i), batch.frame())
                    .forEach((name, value) -> out.printf("    %-12s %s%n", name, value == null ? "unknown" : value));
        }
        out.printf("  acknowledgement %s%n%n", batch.acknowledgementLength() == 0 ? "none" : acknowledgement());
    }

    private String acknowledgement() {
        final byte[] bytes = new byte[batch.acknowledgementLength()];
        batch.acknowledgement().getBytes(0, bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
