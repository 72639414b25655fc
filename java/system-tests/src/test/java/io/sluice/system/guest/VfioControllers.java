package io.sluice.system.guest;

import io.sluice.nvme.contract.ControllerSource;
import io.sluice.pci.PciAddress;
import io.sluice.system.drives.DriveModel;
import java.util.Arrays;
import java.util.List;

/** In the guest: the controllers that {@code -Dsluice.guest.drives=MODEL@ADDRESS,…} names, bound to vfio-pci. */
public final class VfioControllers implements ControllerSource {
    static final String DRIVES = "sluice.guest.drives";

    @Override
    public List<VfioController> labs() {
        return Arrays.stream(System.getProperty(DRIVES, "").split(","))
                .map(VfioControllers::parse)
                .toList();
    }

    private static VfioController parse(String drive) {
        int at = drive.indexOf('@');
        return new VfioController(
                DriveModel.valueOf(drive.substring(0, at)),
                PciAddress.parse(drive.substring(at + 1)).orElseThrow());
    }
}
