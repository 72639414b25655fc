package io.sluice.cli;

import io.sluice.block.BlockDevice;
import io.sluice.nvme.NvmeController;
import io.sluice.partition.table.PartitionDevice;
import java.io.IOException;

/** Opens whatever can be named: NVMe controllers through our own driver, files and nodes of the kernel over io_uring, and partitions of both. */
record AllDevices(ControllerDevices controllers, UringDevices files) implements Devices {
    @Override
    public BlockDevice open(DeviceName name) throws IOException {
        if (name instanceof DeviceName.Partition partition) {
            return openPartition(partition);
        }
        return name instanceof DeviceName.KernelFile file ? files.open(file) : controllers.open(name);
    }

    private BlockDevice openPartition(DeviceName.Partition name) throws IOException {
        BlockDevice whole = open(name.whole());
        try {
            return switch (name.handing()) {
                case WINDOW -> PartitionDevice.open(whole, name.number());
                case MEDIATED -> owning(HandedOut.mediated(whole, name.number()), whole);
                case COPYING -> owning(HandedOut.copying(whole, name.number()), whole);
            };
        } catch (IOException | RuntimeException failure) {
            try {
                whole.close();
            } catch (IOException second) {
                failure.addSuppressed(second);
            }
            throw failure;
        }
    }

    private static BlockDevice owning(HandedOut partition, BlockDevice whole) {
        return new OwnedDevice(partition.device(), () -> {
            try (whole) {
                partition.close();
            }
        });
    }

    @Override
    public NvmeController openController(DeviceName name) throws IOException {
        return controllers.openController(name);
    }
}
