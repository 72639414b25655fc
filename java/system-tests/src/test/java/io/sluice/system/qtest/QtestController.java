package io.sluice.system.qtest;

import io.sluice.nvme.contract.ControllerLab;
import io.sluice.nvme.contract.Shape;
import io.sluice.pci.PciFunction;
import io.sluice.system.drives.DriveModel;
import io.sluice.system.engine.Qemu;
import java.io.IOException;
import org.opentest4j.TestAbortedException;

/** A model in a machine that starts when it is opened first and runs until the tests end. */
record QtestController(DriveModel model) implements ControllerLab {
    @Override
    public Shape shape() {
        return model.shape(false);
    }

    @Override
    public PciFunction open() throws IOException {
        model.impossibleWith(Qemu.ofLab()).ifPresent(reason -> {
            throw new TestAbortedException(reason);
        });
        return SharedMachines.of(model).open();
    }

    @Override
    public String toString() {
        return model.label();
    }
}
