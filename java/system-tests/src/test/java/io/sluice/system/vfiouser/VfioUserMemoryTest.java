package io.sluice.system.vfiouser;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.MemoryContract;

@ControllersFrom(ServedControllers.class)
class VfioUserMemoryTest extends MemoryContract {}
