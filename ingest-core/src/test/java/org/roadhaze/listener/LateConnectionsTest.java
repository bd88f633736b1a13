// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.roadhaze.listener.ListenerHarness.NOW_MS;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.listener.ListenerOptions.Transport;
import org.roadhaze.protocol.Protocol;
import org.roadhaze.protocol.Protocols;
import org.roadhaze.stage.Stage;

/** R17, over real sockets: many that send what they had kept share a few slots; nobody who is live waits for the others. */
@Timeout(60)
class LateConnectionsTest {
    private static final Protocol TELTONIKA = Protocols.byName("teltonika").orElseThrow();
    private static final int LATE_DEVICES = 40;
    private static final int LANE_SLOTS = 8;
    private static final int LIVE = 99;
    private static final long HALF_A_YEAR_MS = 183L * 86_400_000;

    @TempDir
    private Path data;

    private final Semaphore mayGoOn = new Semaphore(0);
    private final List<Client> late = new ArrayList<>();

    @Test
    @DisplayName(
            "R17: a live frame finds no more than the lane's frames before it, and every late one is taken in the end")
    void shouldLetALiveFramePassThoseThatWait() throws IOException {
        final Stage step = batch -> mayGoOn.acquireUninterruptibly();
        try (ListenerHarness engine =
                        ListenerHarness.poisoned(data, TELTONIKA, Transport.TCP, QuarantineOptions.DEFAULT, step);
                Client live = engine.connect()) {
            try {
                live.login(LIVE, true);
                for (int i = 0; i < LATE_DEVICES; i++) {
                    final Client client = engine.connect();
                    late.add(client);
                    client.login(i, true);
                    mayGoOn.release();
                    client.send(Client.packet(NOW_MS - HALF_A_YEAR_MS, 1));
                    assertThat(client.acknowledgedRecords()).isEqualTo(1);
                }
                for (final Client client : late) {
                    client.send(Client.packet(NOW_MS - HALF_A_YEAR_MS + 60_000, 1));
                }
                await().until(() -> engine.counters.lateStalls() == LATE_DEVICES - LANE_SLOTS);
                assertThat(engine.ring.freeSlots()).isEqualTo(ListenerHarness.SLOTS - LANE_SLOTS);
                live.send(Client.packet(NOW_MS - 1000, 1));
                await().until(() -> engine.ring.freeSlots() == ListenerHarness.SLOTS - LANE_SLOTS - 1);
                // All go on: a late frame that enters the lane meanwhile may be in one batch with the live one, behind
                // it.
                mayGoOn.release(1 + LATE_DEVICES);
                assertThat(live.acknowledgedRecords()).isEqualTo(1);
                assertThat(engine.counters.stalls()).isZero();

                for (final Client client : late) {
                    assertThat(client.acknowledgedRecords()).isEqualTo(1);
                }
                final List<String> published = engine.published();
                assertThat(published).hasSize(2 * LATE_DEVICES + 1).doesNotHaveDuplicates();
                assertThat(published.subList(LATE_DEVICES, LATE_DEVICES + LANE_SLOTS + 1))
                        .as("behind the lane's frames")
                        .last()
                        .isEqualTo(Client.imei(LIVE) + " " + (NOW_MS - 1000));
            } finally {
                mayGoOn.release(1_000);
                CloseHelper.closeAll(late);
            }
        }
    }

    /** One that has caught up is live again, with the first frame that is. */
    @Test
    void shouldTakeOneThatHasCaughtUpForLive() throws IOException {
        final Stage step = batch -> mayGoOn.acquireUninterruptibly();
        try (ListenerHarness engine =
                        ListenerHarness.poisoned(data, TELTONIKA, Transport.TCP, QuarantineOptions.DEFAULT, step);
                Client device = engine.connect()) {
            try {
                device.login(1, true);
                mayGoOn.release(2);
                device.send(Client.packet(NOW_MS - HALF_A_YEAR_MS, 1));
                assertThat(device.acknowledgedRecords()).isEqualTo(1);
                device.send(Client.packet(NOW_MS - 60_000, 1));
                assertThat(device.acknowledgedRecords()).isEqualTo(1);
                for (int i = 1; i <= 2 * LANE_SLOTS; i++) {
                    device.send(Client.packet(NOW_MS - 50_000 + 1000L * i, 1));
                }
                await().until(() -> engine.ring.freeSlots() == ListenerHarness.SLOTS - 2 * LANE_SLOTS);
                assertThat(engine.counters.lateStalls()).isZero();
            } finally {
                mayGoOn.release(1_000);
            }
        }
    }
}
