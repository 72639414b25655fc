package io.sluice.system.qtest;

import io.sluice.nvme.contract.ControllerSource;
import io.sluice.system.drives.DriveModel;
import java.util.Arrays;
import java.util.List;

/** Every model, in a machine without a guest. */
public final class QtestControllers implements ControllerSource {
    @Override
    public List<QtestController> labs() {
        return Arrays.stream(DriveModel.values()).map(QtestController::new).toList();
    }
}
