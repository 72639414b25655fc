package io.sluice.emulator;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.InterruptContract;

@ControllersFrom(EmulatedControllers.class)
class EmulatedInterruptTest extends InterruptContract {}
