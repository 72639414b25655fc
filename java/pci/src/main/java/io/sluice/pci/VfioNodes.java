package io.sluice.pci;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the kernel shows VFIO.
 *
 * @param root what holds {@code dev} and {@code sys}; {@code /} but in tests
 */
record VfioNodes(Path root) {
    Path container() {
        return root.resolve("dev/vfio/vfio");
    }

    Path group(int number) {
        return root.resolve("dev/vfio/" + number);
    }

    /** The group's node where VFIO made it without an IOMMU behind it. */
    Path groupWithoutIommu(int number) {
        return root.resolve("dev/vfio/noiommu-" + number);
    }

    Path iommufd() {
        return root.resolve("dev/iommu");
    }

    /** The function's character device; empty where the kernel makes none. */
    Optional<Path> characterDevice(String address) throws IOException {
        Path directory = root.resolve("sys/bus/pci/devices/" + address + "/vfio-dev");
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "vfio*")) {
            for (Path entry : entries) {
                return Optional.of(root.resolve("dev/vfio/devices/" + entry.getFileName()))
                        .filter(Files::exists);
            }
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
        return Optional.empty();
    }
}
