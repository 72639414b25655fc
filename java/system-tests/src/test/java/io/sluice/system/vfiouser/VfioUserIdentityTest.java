package io.sluice.system.vfiouser;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.IdentityContract;

@ControllersFrom(ServedControllers.class)
class VfioUserIdentityTest extends IdentityContract {}
