package io.sluice.system.vfiouser;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.LifecycleContract;

@ControllersFrom(ServedControllers.class)
class VfioUserLifecycleTest extends LifecycleContract {}
