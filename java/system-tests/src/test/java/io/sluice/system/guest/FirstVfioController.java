package io.sluice.system.guest;

import io.sluice.nvme.contract.ControllerSource;
import java.util.List;

/**
 * The guest's first controller, for contracts that do not depend on a controller's shape: each test opens one, and the kernel
 * takes a third of a second for that, most of it waiting for the function's resets.
 */
public final class FirstVfioController implements ControllerSource {
    @Override
    public List<VfioController> labs() {
        return new VfioControllers().labs().subList(0, 1);
    }
}
