package io.sluice.cli;

import io.sluice.block.BlockDevice;
import io.sluice.nvme.NvmeController;
import java.io.IOException;

/** Opens devices by name. */
interface Devices {
    /** Opens a device for reading and writing blocks. Closing it gives back everything that was opened for it. */
    BlockDevice open(DeviceName name) throws IOException;

    /** Opens the controller of a device. */
    NvmeController openController(DeviceName name) throws IOException;
}
