package io.sluice.system.qtest;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.LifecycleContract;

@ControllersFrom(QtestControllers.class)
class QtestLifecycleTest extends LifecycleContract {}
