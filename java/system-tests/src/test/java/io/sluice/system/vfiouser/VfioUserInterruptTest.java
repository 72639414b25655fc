package io.sluice.system.vfiouser;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.InterruptContract;

@ControllersFrom(ServedControllers.class)
class VfioUserInterruptTest extends InterruptContract {}
