package io.sluice.system.vfiouser;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.RandomContract;

@ControllersFrom(ServedControllers.class)
class VfioUserRandomTest extends RandomContract {}
