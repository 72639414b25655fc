package io.sluice.system.qtest;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.QueueContract;

@ControllersFrom(QtestControllers.class)
class QtestQueueTest extends QueueContract {}
