// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.anonymizer.mechanism.MechanismContext;
import org.roadhaze.anonymizer.policy.Policy;
import org.roadhaze.anonymizer.policy.StreamPolicy;
import org.roadhaze.geo.GeofenceStage;
import org.roadhaze.geo.Geofences;
import org.roadhaze.geo.RouteParameters;
import org.roadhaze.geo.RouteStage;
import org.roadhaze.geometry.InvalidAreasException;
import org.roadhaze.reader.StreamReader;
import org.roadhaze.resend.ResendOptions;

/** From the slot to the queue, no byte is allocated per record once things are warm. */
class NoAllocationTest {
    private static final int WARM_UP_FRAMES = 55_000;
    private static final int MEASURED_FRAMES = 35_000;
    private static final int ROUNDS = 3;
    private static final int RECORDS = 20;
    private static final int DEVICES = 64;

    /** A round takes this many frames of a device: a circle of places, a stop, and all its cells again. */
    private static final int ROUND = 64;

    private static final int STOP = 16;
    private static final int LATITUDE_E7 = 520_000_000;
    private static final int LONGITUDE_E7 = 130_000_000;
    private static final int STEP_E7 = 20_000;

    private static final String FENCES = """
            {"type":"FeatureCollection","features":[
              {"type":"Feature","id":1,"properties":{"radius":3000},
               "geometry":{"type":"Point","coordinates":[13.0,52.0]}},
              {"type":"Feature","id":2,"properties":{"radius":500},
               "geometry":{"type":"Point","coordinates":[13.05,52.05]}}]}
            """;

    private static final String POLICY = """
            policy: { version: test }
            streams:
              traffic:
                retention: 1d
                identity: { pseudonym: keyed, rotate: 24h }
                location:
                  - zones: { suppress: zones.geojson, buffer: 50m }
                  - cell: { h3: 9, publish: both }
                time: { round: 30s }
                attributes:
                  keep: [speed, { course: { bucket: 22.5 } }, ignition, { odometer: { bucket: 1000 } }]
              presence:
                retention: 1d
                identity: none
                location:
                  - cell: { h3: 7 }
                time: { round: 15min }
                attributes: { keep: [geofenceEnter, onTrip, { tripDistance: { bucket: 1000 } }] }
            """;

    @TempDir
    private Path data;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private int frame;

    /** Publishes one frame when there is room. */
    private interface Publisher {
        boolean tryPublish(int frame);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldNotAllocatePerRecordFromSlotToQueue(final int workers) {
        try (RingHarness ring = RingHarness.everything(data, 256, workers)) {
            final int length = ring.encode(RingHarness.NOW_MS - 1_000_000, RECORDS, 0);
            final Publisher publisher = index -> ring.tryPublish(RingHarness.device(index & (DEVICES - 1)), length);
            assertThat(allocatedWhenWarm(ring, workers, publisher)).isLessThan(slackBytes(RECORDS));
        }
    }

    @ParameterizedTest
    @CsvSource({"teltonika, 1", "teltonika, 2", "gt06, 1", "gt06, 2"})
    void shouldNotAllocateInFencesRouteAndPrivacyPolicyEither(final String protocol, final int workers)
            throws Exception {
        try (RingHarness ring = anonymizing(workers)) {
            final boolean gt06 = protocol.equals("gt06");
            final Publisher publisher = index -> gt06 ? driveGt06(ring, index) : drive(ring, index);
            assertThat(allocatedWhenWarm(ring, workers, publisher)).isLessThan(slackBytes(gt06 ? 1 : RECORDS));
            assertThat(ring.stageFailures).isEmpty();
            for (final String stream : ring.streams) {
                try (StreamReader reader = StreamReader.open(data, stream)) {
                    assertThat(reader.next()).as("records of " + stream).isTrue();
                }
            }
        }
    }

    /** What the threads may allocate in all in a round, for timers and the like. */
    private static long slackBytes(final int recordsPerFrame) {
        return Math.max(16_384, (long) MEASURED_FRAMES * recordsPerFrame / 50);
    }

    private RingHarness anonymizing(final int workers) throws IOException, InvalidAreasException {
        final Path fences = Files.writeString(data.resolve("fences.geojson"), FENCES);
        Files.writeString(data.resolve("zones.geojson"), FENCES.replace("3000", "100"));
        final Policy policy = Policy.read(Files.writeString(data.resolve("policy.yaml"), POLICY));
        final KeyRing keys = KeyRing.inMemory(RingHarness.NOW_MS);
        final Geofences geofences = Geofences.read(List.of(fences));
        return new RingHarness(
                data,
                new RingOptions(256, workers, RingOptions.Waiting.PARKING, CommitOptions.of(AckLevel.PERSISTED)),
                ResendOptions.DEFAULT,
                policy.streams().stream().map(StreamPolicy::name).toList(),
                name -> policy.stream(name).steps().stream()
                        .<Mechanism>map(step -> step.parameters().build(MechanismContext.of(name, keys)))
                        .toList(),
                known -> List.of(new GeofenceStage(geofences, known), new RouteStage(RouteParameters.DEFAULT, known)));
    }

    private static boolean drive(final RingHarness ring, final int index) {
        final int step = index / DEVICES;
        final int length = ring.encodeDrive(
                timeMs(step, RECORDS), RECORDS, latitudeE7(step), LONGITUDE_E7, isMoving(step), 100 * step);
        return ring.tryPublish(RingHarness.TELTONIKA, RingHarness.device(index % DEVICES), length);
    }

    private static boolean driveGt06(final RingHarness ring, final int index) {
        final int step = index / DEVICES;
        final int length = ring.encodeGt06(timeMs(step, 1), latitudeE7(step), LONGITUDE_E7, isMoving(step));
        return ring.tryPublish(RingHarness.GT06, RingHarness.device(index % DEVICES), length);
    }

    /** Drives end within the day in which they begin: a pseudonym of another day is a new one. */
    private static long timeMs(final int step, final int records) {
        return RingHarness.NOW_MS - 50_000_000 + step * 1000L * records;
    }

    private static boolean isMoving(final int step) {
        return step % ROUND >= STOP;
    }

    /** There and back again. */
    private static int latitudeE7(final int step) {
        final int at = Math.max(STOP, step % ROUND) - STOP;
        return LATITUDE_E7 + STEP_E7 * Math.min(at, ROUND - STOP - at);
    }

    private long allocatedWhenWarm(final RingHarness ring, final int workers, final Publisher publisher) {
        run(ring, WARM_UP_FRAMES, publisher);
        final List<Thread> ringThreads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(IngestRing.THREAD_NAME))
                .toList();
        assertThat(ringThreads).hasSize(workers == 1 ? 1 : workers + 1);
        // What a record allocates is allocated in every round; a compiler that thinks again does so in one.
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            final long before = allocated(ringThreads);
            run(ring, MEASURED_FRAMES, publisher);
            least = Math.min(least, allocated(ringThreads) - before);
        }
        return least;
    }

    private long allocated(final List<Thread> ringThreads) {
        return ringThreads.stream()
                .mapToLong(thread -> threads.getThreadAllocatedBytes(thread.getId()))
                .sum();
    }

    private void run(final RingHarness ring, final int frames, final Publisher publisher) {
        final long target = ring.acknowledged.get() + frames;
        for (int i = 0; i < frames; i++) {
            while (!publisher.tryPublish(frame)) {
                ring.drain();
                Thread.onSpinWait();
            }
            frame++;
        }
        while (!ring.isAcknowledged(target)) {
            Thread.onSpinWait();
        }
    }
}
