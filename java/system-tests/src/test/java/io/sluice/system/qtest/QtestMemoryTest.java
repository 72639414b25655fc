package io.sluice.system.qtest;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.MemoryContract;

@ControllersFrom(QtestControllers.class)
class QtestMemoryTest extends MemoryContract {}
