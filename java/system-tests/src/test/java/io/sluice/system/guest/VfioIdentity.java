package io.sluice.system.guest;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.IdentityContract;

@ControllersFrom(VfioControllers.class)
class VfioIdentity extends IdentityContract {}
