package io.sluice.system.guest;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.RandomContract;

@ControllersFrom(VfioControllers.class)
class VfioRandom extends RandomContract {}
