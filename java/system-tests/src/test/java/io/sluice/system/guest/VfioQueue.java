package io.sluice.system.guest;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.QueueContract;

@ControllersFrom(VfioControllers.class)
class VfioQueue extends QueueContract {}
