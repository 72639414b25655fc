package io.sluice.emulator;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.QueueContract;

@ControllersFrom(EmulatedControllers.class)
class EmulatedQueueTest extends QueueContract {}
