package io.sluice.system.guest;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.LifecycleContract;

@ControllersFrom(FirstVfioController.class)
class VfioLifecycle extends LifecycleContract {}
