package io.sluice.system.qtest;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.RandomContract;

@ControllersFrom(QtestControllers.class)
class QtestRandomTest extends RandomContract {}
