package io.sluice.system.guest;

import io.sluice.uring.UringDevice;
import io.sluice.uring.contract.RandomContract;
import java.io.IOException;

class PassthroughRandom extends RandomContract {
    @Override
    protected UringDevice open() throws IOException {
        return KernelNodes.open(KernelNodes.passthrough(KernelNodes.LARGE_BLOCKS));
    }

    @Override
    protected int operations() {
        return 2000;
    }
}
