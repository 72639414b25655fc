package io.sluice.cli;

import io.sluice.pci.LocalFunction;
import io.sluice.pci.PciFunction;
import io.sluice.pci.VfioFunction;
import io.sluice.pci.VfioOptions;
import io.sluice.pci.vfiouser.VfioUserFunction;
import io.sluice.pci.vfiouser.VfioUserOptions;
import java.io.IOException;

/** Opens the PCI function that a name means: the one place that knows how each kind of controller is reached. */
final class Functions {
    private Functions() {}

    static PciFunction open(DeviceName name) throws IOException {
        if (name instanceof DeviceName.Tuned tuned) {
            return open(tuned.device());
        }
        if (name instanceof DeviceName.Pci drive) {
            return VfioFunction.open(drive.address(), VfioOptions.defaults());
        }
        if (name instanceof DeviceName.Emulated emulated) {
            return LocalFunction.owning(
                    EmulatedParameters.parse(emulated.parameters()).build(emulated.controller()));
        }
        if (name instanceof DeviceName.VfioUser remote) {
            return VfioUserFunction.open(remote.socket(), VfioUserOptions.defaults());
        }
        throw new IOException(
                "cannot open " + name + " as a controller: the kernel has what is behind it; name the drive by its PCI"
                        + " address once it is bound to vfio-pci ('sluice list' shows the drives of this machine)");
    }
}
