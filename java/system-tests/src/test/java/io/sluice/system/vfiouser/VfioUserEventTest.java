package io.sluice.system.vfiouser;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.EventContract;

@ControllersFrom(ServedControllers.class)
class VfioUserEventTest extends EventContract {}
