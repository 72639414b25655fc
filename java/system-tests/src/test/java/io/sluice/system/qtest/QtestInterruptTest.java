package io.sluice.system.qtest;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.InterruptContract;

@ControllersFrom(QtestControllers.class)
class QtestInterruptTest extends InterruptContract {}
