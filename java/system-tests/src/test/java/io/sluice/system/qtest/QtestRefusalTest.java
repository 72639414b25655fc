package io.sluice.system.qtest;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.RefusalContract;

@ControllersFrom(QtestControllers.class)
class QtestRefusalTest extends RefusalContract {}
