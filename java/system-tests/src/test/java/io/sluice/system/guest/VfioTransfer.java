package io.sluice.system.guest;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.TransferContract;

@ControllersFrom(VfioControllers.class)
class VfioTransfer extends TransferContract {}
