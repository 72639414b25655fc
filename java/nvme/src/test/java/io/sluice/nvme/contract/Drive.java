package io.sluice.nvme.contract;

import io.sluice.block.SessionOptions;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import io.sluice.nvme.NvmeNamespace;
import io.sluice.nvme.NvmeSession;
import io.sluice.pci.PciFunction;
import java.io.Closeable;
import java.io.IOException;

/**
 * A controller that a test opened.
 *
 * @param function its function; the controller closes it
 */
record Drive(Shape shape, PciFunction function, NvmeController controller) implements Closeable {
    /** Small, since the memory of every session is zeroed first, which a cold guest does slowly. */
    static final int BUFFER = 1 << 20;

    static Drive open(ControllerLab lab) throws IOException {
        return open(lab, lab.shape().options());
    }

    static Drive open(ControllerLab lab, ControllerOptions options) throws IOException {
        PciFunction function = lab.open();
        return new Drive(lab.shape(), function, NvmeController.open(function, options));
    }

    /** The namespace that keeps data. */
    NvmeNamespace stored() throws IOException {
        return controller.namespace(shape.stored().id());
    }

    /** A writeable session on the namespace that keeps data. */
    NvmeSession session() throws IOException {
        return session(writeable());
    }

    NvmeSession session(SessionOptions options) throws IOException {
        return stored().open(options);
    }

    static SessionOptions writeable() {
        return SessionOptions.defaults().writeable(true).bufferBytes(BUFFER);
    }

    @Override
    public void close() throws IOException {
        controller.close();
    }
}
