package io.sluice.report;

import java.util.Arrays;
import java.util.Optional;

/** Where a table is measured. Figures of two labs never share a table. */
public enum Lab {
    /** QEMU's NVMe controller and VFIO, in a virtual machine. */
    GUEST("guest", "QEMU's NVMe controller through VFIO, in the lab's guest"),
    /** Sluice's controller in software, in the same process as what is measured. */
    EMULATED("emulated", "Sluice's emulated controller in the process, at native speed"),
    /** A drive. */
    DEVICE("device", "an NVMe drive of this machine");

    private final String id;
    private final String title;

    Lab(String id, String title) {
        this.id = id;
        this.title = title;
    }

    /** Its name on command lines, in files and in paths. */
    public String id() {
        return id;
    }

    /** For people: what it is, to go on a sentence. */
    public String title() {
        return title;
    }

    /** For people: whose cores' idle time stands beside figures. */
    String cores() {
        return this == GUEST ? "the guest's cores" : "the machine's cores";
    }

    /** The lab of a name. */
    public static Optional<Lab> of(String id) {
        return Arrays.stream(values()).filter(lab -> lab.id.equals(id)).findFirst();
    }
}
