package io.sluice.cli;

import io.sluice.block.BlockDevice;
import io.sluice.nvme.NvmeController;
import java.io.IOException;

/** Opens whatever can be named: NVMe controllers through our own driver, files and nodes of the kernel over io_uring. */
record AllDevices(ControllerDevices controllers, UringDevices files) implements Devices {
    @Override
    public BlockDevice open(DeviceName name) throws IOException {
        return name instanceof DeviceName.KernelFile file ? files.open(file) : controllers.open(name);
    }

    @Override
    public NvmeController openController(DeviceName name) throws IOException {
        return controllers.openController(name);
    }
}
