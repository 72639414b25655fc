package io.sluice.emulator;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.TransferContract;

@ControllersFrom(EmulatedControllers.class)
class EmulatedTransferTest extends TransferContract {}
