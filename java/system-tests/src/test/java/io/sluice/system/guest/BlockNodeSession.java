package io.sluice.system.guest;

import io.sluice.uring.UringDevice;
import io.sluice.uring.contract.SessionContract;
import java.io.IOException;

class BlockNodeSession extends SessionContract {
    @Override
    protected UringDevice open() throws IOException {
        return KernelNodes.open(KernelNodes.block(KernelNodes.SMALL_BLOCKS));
    }
}
