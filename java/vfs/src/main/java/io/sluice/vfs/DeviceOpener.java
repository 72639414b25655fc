package io.sluice.vfs;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Opens the devices that URIs name. Found by {@link java.util.ServiceLoader}, so that what names there are is up to the program. */
public interface DeviceOpener {
    /**
     * Opens a device.
     *
     * @param name what stands behind the scheme of a URI, up to the {@code !}
     * @return the device, which is closed with the file system; null when it is no name of a kind that is known here
     * @throws IOException when it cannot be opened
     */
    @Nullable
    OpenedDevice open(String name) throws IOException;
}
