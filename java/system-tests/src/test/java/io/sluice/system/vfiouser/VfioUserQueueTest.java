package io.sluice.system.vfiouser;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.QueueContract;

@ControllersFrom(ServedControllers.class)
class VfioUserQueueTest extends QueueContract {}
