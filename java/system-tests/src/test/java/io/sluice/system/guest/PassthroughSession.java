package io.sluice.system.guest;

import io.sluice.uring.UringDevice;
import io.sluice.uring.contract.SessionContract;
import java.io.IOException;

class PassthroughSession extends SessionContract {
    @Override
    protected UringDevice open() throws IOException {
        return KernelNodes.open(KernelNodes.passthrough(KernelNodes.SMALL_BLOCKS));
    }
}
