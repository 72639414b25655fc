package io.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PciMonitorTest {
    @Test
    void quietMachineHasNoEventsAndClosedMonitorThrows() throws IOException {
        PciMonitor monitor = open();
        assertThat(monitor.next(0)).isEmpty();
        long begin = System.nanoTime();
        assertThat(monitor.next(150)).isEmpty();
        assertThat(System.nanoTime() - begin).isGreaterThan(140_000_000L);
        monitor.close();
        monitor.close();
        assertThatThrownBy(() -> monitor.next(0)).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void closingEndsAWait() throws Exception {
        PciMonitor monitor = open();
        Thread closer = new Thread(() -> {
            try {
                Thread.sleep(50);
            } catch (InterruptedException exception) {
                Thread.currentThread().interrupt();
            }
            monitor.close();
        });
        closer.start();
        assertThatThrownBy(() -> monitor.next(-1)).isInstanceOf(ClosedChannelException.class);
        closer.join();
    }

    private static PciMonitor open() throws IOException {
        try {
            return PciMonitor.open();
        } catch (IOException exception) {
            Assumptions.assumeFalse(
                    exception.getMessage().contains("libudev"), "could not run here: " + exception.getMessage());
            throw exception;
        }
    }
}
