package io.sluice.system.guest;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.InterruptContract;

@ControllersFrom(VfioControllers.class)
class VfioInterrupt extends InterruptContract {}
