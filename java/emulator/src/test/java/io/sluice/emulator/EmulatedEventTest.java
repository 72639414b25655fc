package io.sluice.emulator;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.EventContract;

@ControllersFrom(EmulatedControllers.class)
class EmulatedEventTest extends EventContract {}
