package io.sluice.system.qtest;

import io.sluice.nvme.contract.ControllersFrom;
import io.sluice.nvme.contract.IdentityContract;

@ControllersFrom(QtestControllers.class)
class QtestIdentityTest extends IdentityContract {}
