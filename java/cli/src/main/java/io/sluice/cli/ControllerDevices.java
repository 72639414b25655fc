package io.sluice.cli;

import io.sluice.block.BlockDevice;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Opens namespaces of NVMe controllers. A controller that is open already is shared: both ends of a copy may be namespaces of one, which
 * can be opened only once.
 */
final class ControllerDevices implements Devices {
    private static final class Shared {
        private final NvmeController controller;
        private int users;

        Shared(NvmeController controller) {
            this.controller = controller;
        }
    }

    /** By {@link DeviceName#controller}. */
    private final Map<String, Shared> controllers = new HashMap<>();

    @Override
    public BlockDevice open(DeviceName name) throws IOException {
        NvmeController controller = share(name);
        try {
            return new OwnedDevice(controller.namespace(name.namespace()), () -> release(name));
        } catch (IOException e) {
            try {
                release(name);
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    @Override
    public NvmeController openController(DeviceName name) throws IOException {
        ControllerOptions options =
                name instanceof DeviceName.Tuned tuned ? tuned.options() : ControllerOptions.defaults();
        return NvmeController.open(Functions.open(name), options);
    }

    private synchronized NvmeController share(DeviceName name) throws IOException {
        Shared shared = controllers.get(name.controller());
        if (shared == null) {
            shared = new Shared(openController(name));
            controllers.put(name.controller(), shared);
        }
        shared.users++;
        return shared.controller;
    }

    private synchronized void release(DeviceName name) throws IOException {
        Shared shared = controllers.get(name.controller());
        if (--shared.users == 0) {
            controllers.remove(name.controller());
            shared.controller.close();
        }
    }
}
