package io.sluice.system.guest;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.EventContract;

@ControllersFrom(FirstVfioController.class)
class VfioEvent extends EventContract {}
