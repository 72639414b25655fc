package io.sluice.system.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.BlockIoException;
import io.sluice.uring.UringDevice;
import io.sluice.uring.UringOptions;
import io.sluice.uring.contract.SessionContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A file, which {@code -Dsluice.guest.file=PATH} names, on a drive whose blocks have 4096 bytes. */
class FileOnLargeBlocks extends SessionContract {
    private static final Path FILE = Path.of(System.getProperty("sluice.guest.file", ""));

    @Override
    protected UringDevice open() throws IOException {
        return UringDevice.open(FILE, UringOptions.defaults());
    }

    @Test
    void itsBlocksAreAsLargeAsDirectTransfersMustBe() throws IOException {
        try (UringDevice device = open()) {
            assertThat(device.fallbacks()).isEmpty();
            assertThat(device.geometry().blockBytes()).isEqualTo(4096);
        }
        assertThatThrownBy(() -> UringDevice.open(FILE, UringOptions.defaults().blockBytes(512)))
                .isInstanceOf(BlockIoException.class)
                .hasMessageContaining("too small for direct I/O")
                .hasMessageContaining("use 4096");
        try (UringDevice cached =
                UringDevice.open(FILE, UringOptions.defaults().blockBytes(512).direct(false))) {
            assertThat(cached.geometry().blockBytes()).isEqualTo(512);
        }
    }
}
