package io.sluice.nvme.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.BlockSession;
import io.sluice.block.Operation;
import io.sluice.nvme.AsyncEvent;
import io.sluice.pci.RegisterSpace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What the controller reports on its own. */
public abstract class EventContract {
    private static final int DOORBELLS = 0x1000;

    @OnEveryController
    void nothingIsReportedWhenNothingHappens(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab);
                BlockSession session = drive.session()) {
            new Exchange(session).perform(Operation.READ, 0, 1, 0);
            assertThat(drive.controller().events()).isEmpty();
            assertThat(drive.controller().events()).isEmpty();
        }
    }

    @OnEveryController
    void anInvalidDoorbellValueIsReportedEachTime(ControllerLab lab) throws IOException {
        // With shadow doorbells a controller need not look at what its registers hold.
        try (Drive drive = Drive.open(lab, lab.shape().options().shadowDoorbells(false));
                BlockSession session = drive.session(Drive.writeable().queueDepth(2))) {
            RegisterSpace registers = drive.function().bar(0);
            long doorbell = DOORBELLS + 2L * drive.controller().capabilities().doorbellStrideBytes();
            for (int i = 0; i < 2 * drive.controller().identify().asyncEventLimit(); i++) {
                registers.write32(doorbell, 0xffff);
                List<AsyncEvent> events = await(drive);
                assertThat(events).hasSize(1);
                assertThat(events.get(0).description()).isEqualTo("invalid doorbell write value");
                assertThat(events.get(0).logPage()).isEqualTo(1);
            }
            // The queue was not harmed.
            new Exchange(session).perform(Operation.READ, 0, 1, 0);
        }
    }

    private static List<AsyncEvent> await(Drive drive) throws IOException {
        List<AsyncEvent> events = new ArrayList<>();
        long start = System.nanoTime();
        while (events.isEmpty() && System.nanoTime() - start < 60_000_000_000L) {
            events.addAll(drive.controller().events());
        }
        return events;
    }
}
