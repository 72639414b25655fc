package io.sluice.nvme;

import io.sluice.block.BlockIoException;
import io.sluice.pci.PciFunction;
import io.sluice.pci.RegisterSpace;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the controller offers for speed and the options want, set up anew each time that it is enabled: some of it before, the rest after. What it
 * does not offer, or refuses, is left away, and {@link #inUse} tells. One thread at a time.
 */
final class Offers {
    private final RegisterSpace registers;
    private final Capabilities capabilities;
    private final ControllerOptions options;
    private final int pageShift;
    private final boolean weighted;
    private final @Nullable ControllerMemory controllerMemory;
    private SglRules sgl = new SglRules(SglUse.NEVER, 0);
    private @Nullable ShadowDoorbells shadows;
    private @Nullable HostMemory hostMemory;

    /** Sets up what a controller is told before it is enabled. */
    Offers(
            PciFunction function,
            RegisterSpace registers,
            Capabilities capabilities,
            ControllerOptions options,
            int pageShift)
            throws IOException {
        this.registers = registers;
        this.capabilities = capabilities;
        this.options = options;
        this.pageShift = pageShift;
        this.weighted = options.priorityWeights() != null && capabilities.weightedRoundRobin();
        ControllerMemory.remove(registers, capabilities);
        this.controllerMemory = options.memoryBufferQueues()
                ? ControllerMemory.place(function, registers, capabilities, pageShift)
                : null;
    }

    /** Sets up what takes admin commands. */
    void accept(AdminQueue admin, PageAllocator memory, IdentifyController identify, int ioQueuePairs)
            throws IOException {
        sgl = SglRules.of(identify, options.sglUse());
        shadows = shadowDoorbells(admin, memory, identify, ioQueuePairs);
        PriorityWeights weights = options.priorityWeights();
        if (weighted && weights != null) {
            int ignored = admin.execute(AdminCommand.setFeature(Feature.ARBITRATION.id(), weights.feature(), false));
        }
        if (options.maxHostMemoryBytes() > 0) {
            hostMemory = HostMemory.lend(admin, memory, identify, pageShift, options.maxHostMemoryBytes());
        }
    }

    /** Sets them up where they are offered and wanted, and a page holds them all; null otherwise. */
    private @Nullable ShadowDoorbells shadowDoorbells(
            AdminQueue admin, PageAllocator memory, IdentifyController identify, int ioQueuePairs) throws IOException {
        int stride = capabilities.doorbellStrideBytes();
        if (!options.shadowDoorbells()
                || !identify.doorbellBuffers()
                || !ShadowDoorbells.fits(ioQueuePairs, pageShift, stride)) {
            return null;
        }
        try {
            return ShadowDoorbells.setUp(admin, memory, pageShift, stride);
        } catch (CommandFailedException refused) {
            return null;
        }
    }

    /** Whether submission queues have priorities. */
    boolean weighted() {
        return weighted;
    }

    /** How sessions describe their data. */
    SglRules sgl() {
        return sgl;
    }

    @Nullable
    ShadowDoorbells shadows() {
        return shadows;
    }

    @Nullable
    ControllerMemory controllerMemory() {
        return controllerMemory;
    }

    InUse inUse() {
        HostMemory lent = hostMemory;
        return new InUse(
                shadows != null, controllerMemory != null, lent == null ? 0 : lent.bytes(), weighted, sgl.use());
    }

    /** Makes the controller give back what was lent, while it still takes commands. */
    void takeHostMemoryBack() throws BlockIoException {
        if (hostMemory != null) {
            hostMemory.takeBack();
        }
    }

    /** Takes back what a disabled controller would keep. */
    void end() {
        ControllerMemory.remove(registers, capabilities);
    }
}
