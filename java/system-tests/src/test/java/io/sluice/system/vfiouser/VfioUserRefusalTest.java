package io.sluice.system.vfiouser;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.RefusalContract;

@ControllersFrom(ServedControllers.class)
class VfioUserRefusalTest extends RefusalContract {}
