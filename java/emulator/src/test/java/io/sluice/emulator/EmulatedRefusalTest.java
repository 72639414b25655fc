package io.sluice.emulator;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.RefusalContract;

@ControllersFrom(EmulatedControllers.class)
class EmulatedRefusalTest extends RefusalContract {}
