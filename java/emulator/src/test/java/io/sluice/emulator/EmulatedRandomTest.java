package io.sluice.emulator;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.RandomContract;

@ControllersFrom(EmulatedControllers.class)
class EmulatedRandomTest extends RandomContract {}
