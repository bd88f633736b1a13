// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.roadhaze.cli.Roadhaze;

/**
 * {@code roadhaze serve} in a process of its own, with the flags of the distribution. What it prints goes to files beside
 * its configuration, {@code engine*.out} and {@code engine*.err}, new ones for every run.
 */
final class EngineProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int FIRST_JDK_WITH_MORE_FLAGS = 24;

    /** A namespace of its own, in which the engine is the first process: it has the same id every time, as in a container. */
    private static final List<String> PID_NAMESPACE = List.of("unshare", "--pid", "--fork", "--mount-proc");

    private final Process process;
    private final Path out;
    private final Path err;

    /**
     * How the process is started beside the flags of the distribution.
     *
     * @param jvmFlags  more flags of the JVM; later ones win.
     * @param openFiles how many files it may have open, or 0 for as many as this process.
     * @param contained whether it is the first process of a namespace of its own, and has the number 1 each time, as in a
     *                  container; needs root.
     */
    record Launch(List<String> jvmFlags, int openFiles, boolean contained) {
        static final Launch NORMAL = new Launch(List.of(), 0);

        static final Launch CONTAINED = new Launch(List.of(), 0, true);

        Launch(final List<String> jvmFlags, final int openFiles) {
            this(jvmFlags, openFiles, false);
        }

        private List<String> around(final List<String> command) {
            final List<String> all = new ArrayList<>(command);
            all.addAll(all.indexOf("-cp"), jvmFlags);
            if (openFiles > 0) {
                all.addAll(0, List.of("sh", "-c", "ulimit -n " + openFiles + " && exec \"$@\"", "sh"));
            }
            if (contained) {
                all.addAll(0, PID_NAMESPACE);
            }
            return all;
        }
    }

    private EngineProcess(final Launch launch, final Path config, final Path data, final String... more)
            throws IOException {
        final Path directory = config.toAbsolutePath().getParent();
        out = Files.createTempFile(directory, "engine", ".out");
        err = Files.createTempFile(directory, "engine", ".err");
        final List<String> command = launch.around(java());
        command.addAll(List.of("serve", "--config", config.toString(), "--data", data.toString()));
        command.addAll(List.of(more));
        process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
    }

    /**
     * Starts an engine, and waits until it is ready.
     *
     * @param config its configuration file.
     * @param data   its data directory.
     * @param more   options of serve.
     * @return the running engine.
     */
    static EngineProcess start(final Path config, final Path data, final String... more) throws IOException {
        return start(Launch.NORMAL, config, data, more);
    }

    /** The same in a namespace of its own for process ids, see {@link #assumeNamespaces}. */
    static EngineProcess startInNamespace(final Path config, final Path data) throws IOException {
        return start(Launch.CONTAINED, config, data);
    }

    /** Skips the test where namespaces for process ids cannot be made. */
    static void assumeNamespaces() throws InterruptedException {
        try {
            final List<String> words = new ArrayList<>(PID_NAMESPACE);
            words.add("true");
            Commands.run(words.toArray(new String[0]));
        } catch (final IOException e) {
            Assumptions.abort("needs root to make a namespace for process ids: " + e.getMessage());
        }
    }

    /** Starts a Java program of the tests as the first process of a namespace. */
    static Process launchInNamespace(final Class<?> program, final String... arguments) throws IOException {
        return launch(PID_NAMESPACE, program, arguments);
    }

    /** Starts a Java program of the tests. */
    static Process launch(final Class<?> program, final String... arguments) throws IOException {
        return launch(List.of(), program, arguments);
    }

    private static Process launch(final List<String> around, final Class<?> program, final String... arguments)
            throws IOException {
        final List<String> command = new ArrayList<>(around);
        command.addAll(java(program));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** The same, in its own way. */
    static EngineProcess start(final Launch launch, final Path config, final Path data, final String... more)
            throws IOException {
        final EngineProcess engine = new EngineProcess(launch, config, data, more);
        boolean isReady = false;
        try {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> engine.isReady() || !engine.process.isAlive());
            isReady = engine.isReady();
        } finally {
            if (!isReady) { // Nobody gets it, and so nobody could end it.
                engine.close();
            }
        }
        if (!isReady) {
            throw new IOException("the engine did not become ready: " + engine.err());
        }
        return engine;
    }

    /** Starts an engine that is not expected to become ready. */
    static EngineProcess launch(final Path config, final Path data) throws IOException {
        return launch(Launch.NORMAL, config, data);
    }

    /** The same, in its own way. */
    static EngineProcess launch(final Launch launch, final Path config, final Path data) throws IOException {
        return new EngineProcess(launch, config, data);
    }

    /** The command line up to the command. */
    static List<String> java() {
        return java(Roadhaze.class);
    }

    private static List<String> java(final Class<?> program) {
        final Path deploy = Path.of(System.getProperty("roadhaze.root"), "deploy");
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + deploy.resolve("jvm.options"));
        if (Runtime.version().feature() >= FIRST_JDK_WITH_MORE_FLAGS) {
            command.add("@" + deploy.resolve("jvm-25.options"));
        }
        command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path"), program.getName()));
        return command;
    }

    private boolean isReady() {
        return lines().stream().anyMatch(line -> line.startsWith("ready"));
    }

    /**
     * Where it listens.
     *
     * @param listener protocol and transport, as {@code teltonika tcp}.
     * @return the address.
     */
    InetSocketAddress address(final String listener) {
        final String line = lines().stream()
                .filter(each -> each.startsWith("listening " + listener + " "))
                .findFirst()
                .orElseThrow();
        final int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** What it has printed to its standard output. */
    List<String> lines() {
        return text(out).lines().toList();
    }

    /** All that it has printed. */
    String log() {
        return text(out) + text(err);
    }

    /** What it has printed to its standard error. */
    String err() {
        return text(err);
    }

    private static String text(final Path file) {
        try {
            return Files.readString(file);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Memory that is its own and not a file's: heap, direct buffers, code, stacks. Linux only. */
    long ownMemoryBytes() throws IOException {
        final String status = Files.readString(Path.of("/proc", Long.toString(engine().pid()), "status"));
        final String line = status.lines()
                .filter(each -> each.startsWith("RssAnon:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
    }

    /** kill -9. */
    void kill() throws InterruptedException {
        engine().destroyForcibly();
        awaitExit();
    }

    /** The engine itself, where something else had to be started to start it. */
    private ProcessHandle engine() {
        return child(process);
    }

    /** The program that was started in a namespace; what made that, once the program has ended. */
    static ProcessHandle child(final Process unshare) {
        return unshare.children().findFirst().orElseGet(unshare::toHandle);
    }

    /** SIGSTOP: it does nothing more, and does not know. */
    void stopWhereItIs() throws IOException, InterruptedException {
        Commands.run("kill", "-STOP", Long.toString(engine().pid()));
    }

    /** SIGCONT. */
    void goOn() throws IOException, InterruptedException {
        Commands.run("kill", "-CONT", Long.toString(process.pid()));
    }

    /** Files and sockets that it has open. */
    int openFiles() {
        final String[] names =
                Path.of("/proc", Long.toString(process.pid()), "fd").toFile().list();
        return names == null ? 0 : names.length;
    }

    /** Memory of its that is in use, of every kind. */
    long residentBytes() {
        return text(Path.of("/proc", Long.toString(process.pid()), "status"))
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                .findFirst()
                .orElseThrow();
    }

    /** What it has computed so far. */
    Duration cpuTime() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGTERM. */
    void terminate() {
        engine().destroy();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the engine has not ended after " + PATIENCE.toSeconds() + " s");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        engine().destroyForcibly();
        process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
}
