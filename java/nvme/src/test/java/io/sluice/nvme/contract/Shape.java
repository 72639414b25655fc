package io.sluice.nvme.contract;

import io.sluice.nvme.ControllerOptions;
import java.util.List;

/**
 * What a controller is known to be like, so that a test can tell whether the driver found it out.
 *
 * @param name short, for the names of tests
 * @param spaces its active namespaces, by identifier
 * @param maxTransferBytes largest transfer of one command; 0 = no limit
 * @param mostPages how many pages one transfer may touch in truth: what says that it sets no limit may have one
 * @param ioQueuePairs I/O queue pairs that it grants when {@code options} ask for them
 * @param maxQueueEntries most entries of a queue
 * @param interrupts MSI-X vectors as far as the lab lets them through; 0 = none
 * @param options how the tests open it
 */
public record Shape(
        String name,
        List<Space> spaces,
        int maxTransferBytes,
        int mostPages,
        int ioQueuePairs,
        int maxQueueEntries,
        int interrupts,
        ControllerOptions options) {
    public Shape {
        spaces = List.copyOf(spaces);
    }

    /**
     * A namespace.
     *
     * @param id its identifier
     * @param blockBytes size of its blocks
     * @param blocks how many
     * @param keepsData whether what is written can be read back: not so on null devices
     */
    public record Space(int id, int blockBytes, long blocks, boolean keepsData) {}

    /** The first namespace that keeps what is written to it. */
    Space stored() {
        return spaces.stream().filter(Space::keepsData).findFirst().orElseThrow();
    }
}
