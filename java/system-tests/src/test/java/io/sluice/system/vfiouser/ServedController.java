package io.sluice.system.vfiouser;

import io.sluice.nvme.contract.ControllerLab;
import io.sluice.nvme.contract.Shape;
import io.sluice.pci.PciFunction;
import io.sluice.pci.vfiouser.VfioUserFunction;
import io.sluice.pci.vfiouser.VfioUserOptions;
import java.io.IOException;

/** A model in another process. */
record ServedController(ServedModel model) implements ControllerLab {
    @Override
    public Shape shape() {
        return model.shape();
    }

    @Override
    public PciFunction open() throws IOException {
        return VfioUserFunction.open(SharedServers.of(model).socket(), VfioUserOptions.defaults());
    }

    @Override
    public String toString() {
        return model.label();
    }
}
