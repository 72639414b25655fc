package io.sluice.system.qtest;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.nvme.contract.ControllerLab;
import io.sluice.nvme.contract.Shape;
import io.sluice.pci.PciFunction;
import io.sluice.system.drives.DriveModel;
import io.sluice.system.engine.Qemu;
import java.io.IOException;

/** A model in a machine that starts when it is opened first and runs until the tests end. */
record QtestController(DriveModel model) implements ControllerLab {
    @Override
    public Shape shape() {
        return model.shape(false);
    }

    @Override
    public PciFunction open() throws IOException {
        model.rareProperty()
                .ifPresent(property -> assumeTrue(
                        Qemu.ofLab().controllerProperties().contains(property),
                        () -> "QEMU " + Qemu.ofLab().version() + " has no property " + property
                                + " of its controller; 9.2 is the first that has"));
        return SharedMachines.of(model).open();
    }

    @Override
    public String toString() {
        return model.label();
    }
}
