package io.sluice.uring;

import io.sluice.block.BlockIoException;
import io.sluice.block.Geometry;
import io.sluice.linux.BlockLimits;
import io.sluice.linux.FileFacts;
import io.sluice.linux.KernelBlock;
import io.sluice.linux.LinuxException;
import io.sluice.linux.OpenFile;
import io.sluice.linux.OpenFile.Mode;
import io.sluice.linux.Ring;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;
import jnr.constants.platform.Errno;

/** A regular file. Its size when it is opened is the device's; sectors beyond its end do not exist. */
record FileNode(OpenFile file, Geometry geometry) implements Node {
    /** Most bytes of a transfer that a session's memory can hold. */
    static final int MOST_BYTES = 1 << 30;

    private static final int SMALLEST_BLOCK = 512;

    static FileNode open(Path path, UringOptions options, Path root, Consumer<String> fallback) throws IOException {
        OpenFile file = openFile(path, options.direct(), fallback);
        try {
            return new FileNode(file, geometry(file, options, root));
        } catch (IOException failure) {
            file.close();
            throw failure;
        }
    }

    private static OpenFile openFile(Path path, boolean direct, Consumer<String> fallback) throws IOException {
        if (direct) {
            try {
                return openWriteable(path, Mode.DIRECT);
            } catch (LinuxException failure) {
                if (failure.errno() != Errno.EINVAL) {
                    throw failure;
                }
                fallback.accept("the file system has no direct I/O: transfers go through the page cache");
            }
        }
        return openWriteable(path);
    }

    /** For writing too where this user may. */
    private static OpenFile openWriteable(Path path, Mode... modes) throws IOException {
        Mode[] writing = java.util.Arrays.copyOf(modes, modes.length + 1);
        writing[modes.length] = Mode.WRITE;
        try {
            return OpenFile.open(path, writing);
        } catch (LinuxException failure) {
            return switch (failure.errno()) {
                case EACCES, EPERM, EROFS, ETXTBSY -> OpenFile.open(path, modes);
                default -> throw failure;
            };
        }
    }

    private static Geometry geometry(OpenFile file, UringOptions options, Path root) throws IOException {
        FileFacts facts = file.facts();
        boolean direct = file.has(Mode.DIRECT);
        int least = direct ? leastBlock(facts, root) : SMALLEST_BLOCK;
        int block = options.blockBytes() == 0 ? least : options.blockBytes();
        if (block < least) {
            throw new BlockIoException(
                    file.name(),
                    "blocks of " + block + " bytes are too small for direct I/O on its file system: use " + least
                            + ", or no direct I/O");
        }
        if (facts.bytes() < block || facts.bytes() % block != 0) {
            throw new BlockIoException(
                    file.name(),
                    "its " + facts.bytes() + " bytes are not a whole number of blocks of " + block
                            + " bytes: give it such a size first (truncate -s SIZE FILE)");
        }
        long blocks = facts.bytes() / block;
        boolean writeable = file.has(Mode.WRITE);
        return new Geometry(
                block,
                blocks,
                writeable,
                direct ? memoryAlignment(facts, least) : 1,
                MOST_BYTES / block,
                blocks,
                blocks,
                // Whatever it lies on: a write is only safe after a sync.
                true);
    }

    /** What direct I/O asks of offsets: as the kernel says, or else the block of the device that the file lies on. */
    private static int leastBlock(FileFacts facts, Path root) throws IOException {
        int alignment = facts.offsetAlignment() > 0
                ? facts.offsetAlignment()
                : new KernelBlock(root)
                        .limits(facts.major(), facts.minor())
                        .map(BlockLimits::blockBytes)
                        .orElse(SMALLEST_BLOCK);
        return Math.max(SMALLEST_BLOCK, alignment);
    }

    /**
     * What direct I/O asks of memory. Each page of a transfer counts as a piece by itself in registered memory, and a piece must be whole
     * blocks of the device: so what the kernel says of addresses alone is not enough.
     */
    static int memoryAlignment(FileFacts facts, int block) {
        return Math.max(facts.memoryAlignment(), block);
    }

    @Override
    public OpenFile file(boolean writing) {
        return file;
    }

    @Override
    public boolean passesCommands() {
        return false;
    }

    @Override
    public int slotBytes() {
        return 0;
    }

    @Override
    public Commands commands(
            Ring transfers,
            Ring others,
            boolean registered,
            ByteBuffer memory,
            long memoryAddress,
            Consumer<String> fallback) {
        return new FileCommands(transfers, others, geometry.blockShift(), registered, FileCommands.Trim.HOLE, fallback);
    }

    @Override
    public void close() {
        file.close();
    }
}
