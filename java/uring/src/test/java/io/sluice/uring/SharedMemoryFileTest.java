package io.sluice.uring;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.uring.contract.SessionContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;

/** On a file system in memory, which lacks some of what others have. */
class SharedMemoryFileTest extends SessionContract {
    private Path path;

    @Override
    protected UringDevice open() throws IOException {
        Path memory = Path.of("/dev/shm");
        assumeTrue(Files.isWritable(memory), "there is no file system in memory at /dev/shm");
        path = Files.createTempFile(memory, "sluice", ".img");
        Files.write(path, new byte[(int) TestFile.BYTES]);
        return UringDevice.open(path, UringOptions.defaults());
    }

    @AfterEach
    void delete() throws IOException {
        if (path != null) {
            Files.delete(path);
        }
    }
}
