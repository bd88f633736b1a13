// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.roadhaze.resend.SeenLog;
import org.roadhaze.resend.SimulatedSeenLog;
import org.roadhaze.ring.AckLevel;

/**
 * Devices, a network, an engine's life after life, and a disk, in one thread and by one seed: the same seed does the same,
 * step for step. Connections, datagram socket, decoders, ring, workers with their filters of what is sent again, the log behind
 * those, persist handler, group commit and mailbox are the real ones; sockets, clock, disk and queues are not.
 *
 * <p>A step delivers some bytes, or lets one part of the engine do a little, or lets something go wrong. At the end faults
 * cease, everything that was sent must be acknowledged, and the engine dies once more; then the disk is compared with what
 * the devices were promised.
 */
final class EngineSimulation {
    /** How an engine of this level may die. */
    enum Death {
        KILL,
        POWER_CUT
    }

    static final long NOW_MS = 1_790_000_000_000L;
    static final int DEVICES = 4;

    /** Two, so that a death can come between the documents of a batch. */
    static final List<String> STREAMS = List.of("first", "second");

    private static final int STEPS = 400;
    private static final int MOST_SETTLING_STEPS = 20_000;

    /** What came of it. */
    static final class Outcome {
        final List<String> wrong = new ArrayList<>();
        long promised;
        /** Stored again, since a power cut left documents, and not the log of what is in them, which was not forced yet. */
        long twice;

        long sentAgain;
        long deaths;
        long stalls;
        long replaced;

        void wrong(final String what) {
            wrong.add(what);
        }
    }

    final SplittableRandom random;
    final AckLevel level;
    final int workers;
    final List<SimulatedStream> streams;
    final List<SimulatedDevice> devices = new ArrayList<>();
    final Outcome outcome = new Outcome();
    boolean faultsCease;
    SimulatedEngine life;
    private final Death worst;
    private final SimulatedSeenLog seenLog = new SimulatedSeenLog();
    private boolean forcing;

    EngineSimulation(final long seed, final AckLevel level, final Death worst) {
        random = new SplittableRandom(seed);
        this.level = level;
        this.worst = worst;
        workers = 1 + random.nextInt(2);
        streams = List.of(
                new SimulatedStream(this::whileTheFirstStreamIsForced), new SimulatedStream(this::whileTheDiskIsBusy));
        for (int i = 0; i < DEVICES; i++) {
            devices.add(new SimulatedDevice(this, i, i % 2 == 1));
        }
        life = new SimulatedEngine(this);
    }

    /** As an engine does at its start: what is found in the queues is forced before the log says that it was seen. */
    SeenLog openSeenLog() {
        if (level == AckLevel.SYNCED) {
            streams.forEach(SimulatedStream::forceRecovered);
        }
        final SeenLog log = seenLog.open(
                STREAMS,
                streams.stream().mapToLong(SimulatedStream::lastDocument).toArray(),
                level == AckLevel.SYNCED);
        streams.forEach(SimulatedStream::logIsForced);
        return log;
    }

    /** A disk that says that all is well, and keeps nothing. */
    EngineSimulation withALyingDisk() {
        streams.forEach(SimulatedStream::lie);
        return this;
    }

    Outcome run() {
        for (int i = 0; i < STEPS; i++) {
            step();
        }
        faultsCease = true;
        int steps = 0;
        while (!isSettled() && steps++ < MOST_SETTLING_STEPS) {
            step();
        }
        if (!isSettled()) {
            outcome.wrong("not everything was acknowledged though nothing went wrong any more");
        }
        die(worst);
        streams.forEach(this::compare);
        devices.forEach(device -> outcome.promised += device.promised);
        if (life.memoryInUse() != 0) {
            outcome.wrong("memory that nobody gave back");
        }
        seenLog.close();
        return outcome;
    }

    private boolean isSettled() {
        return devices.stream().allMatch(device -> device.count == 0 && device.next > 0);
    }

    private void step() {
        final int dice = random.nextInt(100);
        if (dice < 25) {
            devices.get(random.nextInt(DEVICES)).act();
        } else if (dice < 45) {
            devices.get(random.nextInt(DEVICES)).deliverToEngine();
        } else if (dice < 60) {
            devices.get(random.nextInt(DEVICES)).deliverToDevice();
        } else if (dice < 75) {
            life.work();
        } else if (dice < 83) {
            life.steppedRing.commit();
            if (!faultsCease && random.nextInt(12) == 0) {
                dieBehindTheAnswers();
            }
        } else if (dice < 93) {
            life.turn();
        } else if (!faultsCease) {
            goWrong();
        } else {
            life.steppedRing.ring().hold(false);
        }
        if (life.isDead()) {
            die(random.nextBoolean() ? worst : Death.KILL);
        }
    }

    /** The worst moment: what was let go has just reached its devices. */
    private void dieBehindTheAnswers() {
        life.turn();
        devices.forEach(SimulatedDevice::deliverToDevice);
        die(worst);
    }

    /** The log was forced just before: a group commit begins with it. */
    private void whileTheFirstStreamIsForced() {
        streams.forEach(SimulatedStream::logIsForced);
        whileTheDiskIsBusy();
    }

    /** While a force is under way, everything else goes on but the commit itself. */
    private void whileTheDiskIsBusy() {
        if (forcing) {
            return;
        }
        forcing = true;
        for (int i = random.nextInt(12); i > 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> life.turn();
                case 1 -> devices.get(random.nextInt(DEVICES)).deliverToEngine();
                default -> life.work();
            }
        }
        forcing = false;
    }

    private void goWrong() {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> devices.get(random.nextInt(DEVICES)).disconnect();
            case 3, 4 -> devices.get(random.nextInt(DEVICES)).loseSomething();
            case 5 -> devices.get(random.nextInt(DEVICES)).comeAgain();
            case 6, 7 -> life.steppedRing.ring().hold(!life.steppedRing.ring().isHeld());
            case 8 -> {
                if (random.nextInt(4) == 0) {
                    streams.get(random.nextInt(STREAMS.size())).failNextForce();
                }
            }
            case 9 -> {
                if (random.nextInt(4) == 0) {
                    streams.get(random.nextInt(STREAMS.size())).failNextAppend(random.nextBoolean());
                }
            }
            case 10 -> die(random.nextBoolean() ? worst : Death.KILL);
            default -> life.stop();
        }
    }

    private void die(final Death death) {
        outcome.deaths++;
        devices.forEach(SimulatedDevice::disconnect);
        life.end();
        if (death == Death.POWER_CUT) {
            streams.forEach(stream -> stream.cutPower(random));
            seenLog.cutPower(random);
        } else {
            streams.forEach(SimulatedStream::kill);
            seenLog.kill();
        }
        life = new SimulatedEngine(this);
    }

    /** I1 to I3: promised records are there, once, nothing else is, and each device's are in order. */
    private void compare(final SimulatedStream stream) {
        final Map<Integer, Map<Integer, Integer>> found = new HashMap<>();
        final int[] newest = new int[DEVICES];
        for (final SimulatedStream.Stored each : stream.stored()) {
            final int device = (int) (each.deviceId() - imei(0));
            final int number = (int) ((each.timeMs() - timeOf(0)) / 1000);
            if (device < 0
                    || device >= DEVICES
                    || number >= devices.get(device).next
                    || each.latitudeE7() != latitudeOf(number)
                    || each.longitudeE7() != longitudeOf(device)) {
                outcome.wrong("a record that no device sent: " + each);
                continue;
            }
            if (found.computeIfAbsent(device, index -> new HashMap<>()).merge(number, 1, Integer::sum) > 1) {
                outcome.twice++;
                if (!stream.isLucky(each)) {
                    outcome.wrong("record " + number + " of device " + device + " was stored again");
                }
            } else if (number < newest[device]) {
                outcome.wrong("record " + number + " of device " + device + " came after " + newest[device]);
            }
            newest[device] = Math.max(newest[device], number);
        }
        for (final SimulatedDevice device : devices) {
            for (int number = 0; number < device.promised; number++) {
                if (!found.getOrDefault(device.index, Map.of()).containsKey(number)) {
                    outcome.wrong("record " + number + " of device " + device.index + " was acknowledged and is lost");
                }
            }
        }
    }

    static long imei(final int device) {
        return 350_000_000_000_000L + device;
    }

    static long timeOf(final int number) {
        return NOW_MS - 1_000_000_000 + 1000L * number;
    }

    static int latitudeOf(final int number) {
        return 520_000_000 + number;
    }

    static int longitudeOf(final int device) {
        return 130_000_000 + device;
    }
}
