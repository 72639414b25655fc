package io.sluice.system.qtest;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.TransferContract;

@ControllersFrom(QtestControllers.class)
class QtestTransferTest extends TransferContract {}
