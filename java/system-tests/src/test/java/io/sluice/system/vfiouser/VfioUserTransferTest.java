package io.sluice.system.vfiouser;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.TransferContract;

@ControllersFrom(ServedControllers.class)
class VfioUserTransferTest extends TransferContract {}
