package io.sluice.emulator;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.MemoryContract;

@ControllersFrom(EmulatedControllers.class)
class EmulatedMemoryTest extends MemoryContract {}
