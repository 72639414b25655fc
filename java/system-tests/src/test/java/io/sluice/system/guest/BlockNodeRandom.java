package io.sluice.system.guest;

import io.sluice.uring.UringDevice;
import io.sluice.uring.contract.RandomContract;
import java.io.IOException;

class BlockNodeRandom extends RandomContract {
    @Override
    protected UringDevice open() throws IOException {
        return KernelNodes.open(KernelNodes.block(KernelNodes.SMALL_BLOCKS));
    }

    @Override
    protected int operations() {
        return 2000;
    }
}
