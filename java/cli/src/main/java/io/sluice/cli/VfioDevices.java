package io.sluice.cli;

import io.sluice.block.BlockDevice;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import io.sluice.pci.PciAddress;
import io.sluice.pci.VfioFunction;
import io.sluice.pci.VfioOptions;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Opens drives over VFIO. A controller that is open already is shared: both ends of a copy may be namespaces of one drive, which
 * can be opened only once.
 */
final class VfioDevices implements Devices {
    private static final class Shared {
        private final NvmeController controller;
        private int users;

        Shared(NvmeController controller) {
            this.controller = controller;
        }
    }

    private final Map<PciAddress, Shared> controllers = new HashMap<>();

    @Override
    public BlockDevice open(DeviceName name) throws IOException {
        DeviceName.Pci drive = drive(name);
        NvmeController controller = share(drive.address());
        try {
            return new OwnedDevice(controller.namespace(drive.namespace()), () -> release(drive.address()));
        } catch (IOException e) {
            try {
                release(drive.address());
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    @Override
    public NvmeController openController(DeviceName name) throws IOException {
        return openFunction(drive(name).address());
    }

    private static DeviceName.Pci drive(DeviceName name) throws IOException {
        if (name instanceof DeviceName.Pci drive) {
            return drive;
        }
        throw new IOException("cannot open " + name + ": this version opens " + DeviceName.GRAMMAR
                + "; 'sluice list' shows the drives of this machine");
    }

    private synchronized NvmeController share(PciAddress address) throws IOException {
        Shared shared = controllers.get(address);
        if (shared == null) {
            shared = new Shared(openFunction(address));
            controllers.put(address, shared);
        }
        shared.users++;
        return shared.controller;
    }

    private synchronized void release(PciAddress address) throws IOException {
        Shared shared = controllers.get(address);
        if (--shared.users == 0) {
            controllers.remove(address);
            shared.controller.close();
        }
    }

    private static NvmeController openFunction(PciAddress address) throws IOException {
        return NvmeController.open(VfioFunction.open(address, VfioOptions.defaults()), ControllerOptions.defaults());
    }
}
