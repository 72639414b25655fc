package io.sluice.system.vfiouser;

import io.sluice.nvme.contract.ControllerSource;
import java.util.Arrays;
import java.util.List;

/** Every model, each in a process that starts when it is opened first and runs until the tests end. */
public final class ServedControllers implements ControllerSource {
    @Override
    public List<ServedController> labs() {
        return Arrays.stream(ServedModel.values()).map(ServedController::new).toList();
    }
}
