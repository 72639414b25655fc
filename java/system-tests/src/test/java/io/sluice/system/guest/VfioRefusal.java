package io.sluice.system.guest;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.RefusalContract;

@ControllersFrom(FirstVfioController.class)
class VfioRefusal extends RefusalContract {}
