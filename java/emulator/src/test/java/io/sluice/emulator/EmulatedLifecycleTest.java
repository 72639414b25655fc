package io.sluice.emulator;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.LifecycleContract;

@ControllersFrom(EmulatedControllers.class)
class EmulatedLifecycleTest extends LifecycleContract {}
