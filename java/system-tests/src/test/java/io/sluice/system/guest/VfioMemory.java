package io.sluice.system.guest;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.MemoryContract;

@ControllersFrom(VfioControllers.class)
class VfioMemory extends MemoryContract {}
