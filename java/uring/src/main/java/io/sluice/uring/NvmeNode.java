package io.sluice.uring;

import io.sluice.block.BlockIoException;
import io.sluice.block.Geometry;
import io.sluice.linux.BlockLimits;
import io.sluice.linux.BlockUse;
import io.sluice.linux.KernelBlock;
import io.sluice.linux.LinuxException;
import io.sluice.linux.OpenFile;
import io.sluice.linux.OpenFile.Mode;
import io.sluice.linux.Ring;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jnr.constants.platform.Errno;

/** A namespace of an NVMe drive that the kernel's driver has, by its character device {@code /dev/ngXnY}. */
record NvmeNode(OpenFile file, long namespace, Geometry geometry, KernelBlock kernel) implements Node {
    private static final Pattern NAME = Pattern.compile("ng(\\d+n\\d+)");
    private static final int PAGE_BYTES = 4096;
    /** NLB is a 16-bit number of blocks less one. */
    private static final int MOST_BLOCKS = 1 << 16;
    /** The length of a Dataset Management range is a 32-bit number of blocks. */
    private static final long MOST_TRIM_BLOCKS = (1L << 32) - 1;
    /** What a transfer may have where neither drive nor kernel name a limit. */
    private static final int MODEST_BYTES = 128 << 10;

    /** Whether a path has the name of such a device. */
    static boolean isNamed(Path path) {
        return NAME.matcher(path.getFileName().toString()).matches();
    }

    static NvmeNode open(Path path, Path root) throws IOException {
        OpenFile file = openFile(path);
        try {
            KernelBlock kernel = new KernelBlock(root);
            long namespace = namespace(file);
            Geometry geometry = geometry(
                    file.name(),
                    little(file.nvmeIdentify(0, namespace)),
                    little(file.nvmeIdentify(1, 0)),
                    kernel.limits(blockDevice(path.getFileName().toString())),
                    file.has(Mode.WRITE));
            return new NvmeNode(file, namespace, geometry, kernel);
        } catch (IOException failure) {
            file.close();
            throw failure;
        }
    }

    private static OpenFile openFile(Path path) throws IOException {
        try {
            return OpenFile.open(path, Mode.WRITE);
        } catch (LinuxException failure) {
            return switch (failure.errno()) {
                case EACCES, EPERM, EROFS -> OpenFile.open(path);
                default -> throw failure;
            };
        }
    }

    private static long namespace(OpenFile file) throws IOException {
        try {
            return file.nvmeNamespace();
        } catch (LinuxException failure) {
            if (failure.errno() == Errno.ENOTTY) {
                throw new BlockIoException(
                        file.name(), "this character device is no NVMe namespace (expected: /dev/ngXnY)");
            }
            throw failure;
        }
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The block device of the same namespace: its queue's limits hold for passthrough too, and there is no other place for them. */
    private static String blockDevice(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches() ? "nvme" + matcher.group(1) : "";
    }

    /**
     * Reads Identify Namespace and Identify Controller (figures 245 and 247), believing neither.
     *
     * @param limits of the block device, when there is one
     */
    static Geometry geometry(
            String name,
            ByteBuffer identifyNamespace,
            ByteBuffer identifyController,
            Optional<BlockLimits> limits,
            boolean permitted)
            throws BlockIoException {
        int format = identifyNamespace.get(26) & 0xf;
        int metadataBytes = identifyNamespace.getShort(128 + 4 * format) & 0xffff;
        int dataShift = identifyNamespace.get(128 + 4 * format + 2) & 0xff;
        long blocks = identifyNamespace.getLong(0);
        if (dataShift < 9 || dataShift > 16 || blocks < 1 || blocks > Long.MAX_VALUE >> dataShift) {
            throw new BlockIoException(
                    name,
                    "the drive describes it as " + Long.toUnsignedString(blocks) + " blocks of 2^" + dataShift
                            + " bytes, which cannot be");
        }
        boolean interleaved = (identifyNamespace.get(26) & 1 << 4) != 0;
        if (metadataBytes != 0 && interleaved) {
            throw new BlockIoException(
                    name,
                    "its blocks carry " + metadataBytes
                            + " bytes of metadata each, in line with the data: use the block device, or format it without"
                            + " (nvme format)");
        }
        long transfer = Math.min(
                mostBytes(identifyController), limits.map(NvmeNode::mostBytes).orElse(MODEST_BYTES));
        if (transfer >> dataShift == 0) {
            throw new BlockIoException(
                    name,
                    "its blocks of " + (1 << dataShift) + " bytes are larger than the largest transfer of " + transfer);
        }
        boolean protectedNow = (identifyNamespace.get(99) & 1) != 0;
        int commands = identifyController.getShort(520);
        return new Geometry(
                1 << dataShift,
                blocks,
                permitted && !protectedNow,
                limits.map(BlockLimits::memoryAlignment).orElse(PAGE_BYTES),
                (int) Math.min(transfer >> dataShift, MOST_BLOCKS),
                (commands & 1 << 2) != 0 ? MOST_TRIM_BLOCKS : 0,
                (commands & 1 << 3) != 0 ? MOST_BLOCKS : 0,
                (identifyController.get(525) & 1) != 0);
    }

    /** MDTS, in units of the smallest page that a controller can have; the kernel knows the real unit, see the other. */
    private static int mostBytes(ByteBuffer identifyController) {
        int maximum = identifyController.get(77) & 0xff;
        return maximum == 0 || maximum > 18 ? FileNode.MOST_BYTES : PAGE_BYTES << maximum;
    }

    /** A transfer of so many bytes in single pages, not aligned to one, is a page more. */
    private static int mostBytes(BlockLimits limits) {
        long pages = (long) (limits.maxSegments() - 1) * PAGE_BYTES;
        return (int) Math.min(FileNode.MOST_BYTES, Math.min(limits.maxTransferBytes(), Math.max(pages, PAGE_BYTES)));
    }

    @Override
    public OpenFile file(boolean writing) throws IOException {
        if (writing) {
            List<BlockUse> uses =
                    kernel.uses(blockDevice(Path.of(file.name()).getFileName().toString()));
            if (!uses.isEmpty()) {
                throw new BlockIoException(
                        file.name(),
                        "it is not written to while "
                                + uses.stream().map(BlockUse::toString).collect(Collectors.joining(", "))
                                + ": take that away first, or open it read-only");
            }
        }
        return file;
    }

    @Override
    public boolean passesCommands() {
        return true;
    }

    @Override
    public int slotBytes() {
        return NvmeCommands.RANGE_BYTES;
    }

    @Override
    public Commands commands(
            Ring transfers,
            Ring others,
            boolean registered,
            ByteBuffer memory,
            long memoryAddress,
            Consumer<String> fallback) {
        return new NvmeCommands(
                transfers, geometry.blockShift(), namespace, registered, memory, memoryAddress, fallback);
    }

    @Override
    public void close() {
        file.close();
    }
}
