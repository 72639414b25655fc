package io.sluice.system.guest;

import io.sluice.nvme.contract.ControllerLab;
import io.sluice.nvme.contract.Shape;
import io.sluice.pci.PciAddress;
import io.sluice.pci.PciFunction;
import io.sluice.pci.VfioFunction;
import io.sluice.pci.VfioOptions;
import io.sluice.system.drives.DriveModel;
import java.io.IOException;

/** A controller of the guest. The guest runs one test after the other, so nobody has to wait for another. */
record VfioController(DriveModel model, PciAddress address) implements ControllerLab {
    @Override
    public Shape shape() {
        return model.shape(true);
    }

    @Override
    public PciFunction open() throws IOException {
        return VfioFunction.open(address, VfioOptions.defaults());
    }

    @Override
    public String toString() {
        return model.label();
    }
}
