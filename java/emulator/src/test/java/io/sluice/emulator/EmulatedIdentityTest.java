package io.sluice.emulator;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.IdentityContract;

@ControllersFrom(EmulatedControllers.class)
class EmulatedIdentityTest extends IdentityContract {}
