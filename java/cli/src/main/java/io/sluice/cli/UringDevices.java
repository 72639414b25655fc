package io.sluice.cli;

import io.sluice.block.BlockDevice;
import io.sluice.uring.UringDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Opens files and nodes of the kernel over io_uring, and tells once what had to be done another way than asked for. */
final class UringDevices {
    private static final int TYPE = 0xf000;
    private static final int BLOCK_DEVICE = 0x6000;

    private final Consumer<String> notes;

    /**
     * Opens devices.
     *
     * @param notes takes sentences for the user
     */
    UringDevices(Consumer<String> notes) {
        this.notes = notes;
    }

    BlockDevice open(DeviceName.KernelFile name) throws IOException {
        UringDevice device = UringDevice.open(name.path(), name.options());
        List<String> told = new ArrayList<>();
        tell(device, told);
        // Some things only show when they are tried.
        return new OwnedDevice(device, () -> tell(device, told));
    }

    private void tell(UringDevice device, List<String> told) {
        for (String sentence : device.fallbacks()) {
            if (!told.contains(sentence)) {
                told.add(sentence);
                notes.accept(device.name() + ": " + sentence);
            }
        }
    }

    /** Whether a text is the path of a block device or of an NVMe character device, and so no ordinary file to a command that takes both. */
    static boolean isNode(String text) {
        if (!text.startsWith("/dev/")) {
            return false;
        }
        try {
            Path path = Path.of(text).toRealPath();
            return ((int) Files.getAttribute(path, "unix:mode") & TYPE) == BLOCK_DEVICE || UringDevice.isNvmeNode(path);
        } catch (IOException | RuntimeException noSuchThing) {
            // Whoever opens it says so.
            return false;
        }
    }
}
