package io.sluice.pci;

import io.sluice.linux.EventDescriptor;
import java.io.IOException;

/** An interrupt that the kernel, or another process, delivers to an event descriptor. For implementations of {@link PciFunction}. */
public record EventInterrupt(EventDescriptor event) implements Interrupt {
    @Override
    public boolean await(long timeoutNanos) throws IOException {
        return event.await(timeoutNanos);
    }

    @Override
    public void wake() {
        try {
            event.signal();
        } catch (IOException closed) {
            // Then nobody waits: closing ends every wait with an exception.
        }
    }
}
