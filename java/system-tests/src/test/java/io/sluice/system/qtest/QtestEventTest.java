package io.sluice.system.qtest;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.EventContract;

@ControllersFrom(QtestControllers.class)
class QtestEventTest extends EventContract {}
