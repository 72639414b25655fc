package io.sluice.cli;

import io.sluice.block.BlockDevice;
import io.sluice.partition.LabelPattern;
import io.sluice.partition.Mediator;
import io.sluice.partition.Multiplexer;
import io.sluice.partition.MultiplexerOptions;
import io.sluice.partition.PartitionChoice;
import io.sluice.partition.Policies;
import io.sluice.partition.Policy;
import java.io.Closeable;
import java.io.IOException;

/**
 * A partition as a mediator hands it out to whoever asks. Closing it closes what was made for it; the device below stays open.
 *
 * @param device the partition
 * @param mediator of the partition
 * @param below what the mediator has its sessions from, where it is not the device itself
 */
record HandedOut(BlockDevice device, Mediator mediator, Closeable below) implements Closeable {
    private static final String LABEL = "sluice";
    private static final int MOST_SESSIONS = 1024;

    /**
     * Through sessions of the device.
     *
     * @param partition its number; 0 is the whole of a device without a table
     */
    static HandedOut mediated(BlockDevice device, int partition) throws IOException {
        return of(device, partition, () -> {});
    }

    /** Through a multiplexer of the device, which copies. */
    static HandedOut copying(BlockDevice device, int partition) throws IOException {
        Multiplexer multiplexer = Multiplexer.copying(device, MultiplexerOptions.defaults());
        try {
            return of(multiplexer, partition, multiplexer);
        } catch (IOException | RuntimeException failure) {
            try {
                multiplexer.close();
            } catch (IOException second) {
                failure.addSuppressed(second);
            }
            throw failure;
        }
    }

    private static HandedOut of(BlockDevice provider, int partition, Closeable below) throws IOException {
        Policy everyone = Policy.of(LABEL, new LabelPattern.Exact(LABEL), new PartitionChoice.ByNumber(partition))
                .writeable(provider.geometry().writeable())
                .sessions(MOST_SESSIONS);
        Mediator mediator = Mediator.over(provider, Policies.of(everyone));
        return new HandedOut(mediator.device(LABEL), mediator, below);
    }

    @Override
    public void close() throws IOException {
        try (below) {
            mediator.close();
        }
    }
}
