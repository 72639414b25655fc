package io.sluice.uring;

import io.sluice.block.BlockIoException;
import io.sluice.block.Geometry;
import io.sluice.linux.BlockLimits;
import io.sluice.linux.BlockUse;
import io.sluice.linux.FileFacts;
import io.sluice.linux.KernelBlock;
import io.sluice.linux.LinuxException;
import io.sluice.linux.OpenFile;
import io.sluice.linux.OpenFile.Mode;
import io.sluice.linux.Ring;
import io.sluice.linux.RingEntry;
import io.sluice.linux.RingOperation;
import io.sluice.linux.RingOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import jnr.constants.platform.Errno;
import org.jspecify.annotations.Nullable;

/**
 * A block device of the kernel. The first session that writes claims it for this process, which fails while a file system or another
 * device has it; until then it is open for reading alone.
 */
final class BlockNode implements Node {
    private final OpenFile reader;
    private final Geometry geometry;
    private final boolean discards;
    private final String name;
    private final KernelBlock kernel;
    private @Nullable OpenFile writer;

    private BlockNode(OpenFile reader, Geometry geometry, boolean discards, String name, KernelBlock kernel) {
        this.reader = reader;
        this.geometry = geometry;
        this.discards = discards;
        this.name = name;
        this.kernel = kernel;
    }

    static BlockNode open(Path path, UringOptions options, Path root) throws IOException {
        OpenFile reader = options.direct() ? OpenFile.open(path, Mode.DIRECT) : OpenFile.open(path);
        try {
            FileFacts facts = reader.facts();
            KernelBlock kernel = new KernelBlock(root);
            Optional<BlockLimits> limits = kernel.limits(facts.major(), facts.minor());
            boolean mayTrim = limits.isPresent() && limits.get().maxTrimBytes() > 0;
            boolean discards = mayTrim && takesDiscardCommand(reader);
            boolean holes = limits.isPresent() && limits.get().maxZeroBytes() > 0;
            Geometry geometry = geometry(facts, options.direct(), limits, discards || holes, Files.isWritable(path));
            return new BlockNode(
                    reader,
                    geometry,
                    discards,
                    limits.map(BlockLimits::name).orElse(path.getFileName().toString()),
                    kernel);
        } catch (IOException failure) {
            reader.close();
            throw failure;
        }
    }

    private static Geometry geometry(
            FileFacts facts, boolean direct, Optional<BlockLimits> limits, boolean trims, boolean permitted)
            throws BlockIoException {
        int block = facts.blockBytes();
        if (block < 512 || Integer.bitCount(block) != 1 || facts.bytes() < block) {
            throw new BlockIoException(
                    "block device " + facts.major() + ":" + facts.minor(),
                    "the kernel gives it " + facts.bytes() + " bytes in blocks of " + block
                            + ": there is no medium in it, or it is not set up");
        }
        long blocks = facts.bytes() / block;
        return new Geometry(
                block,
                blocks,
                permitted && !facts.readOnly(),
                direct ? FileNode.memoryAlignment(facts, block) : 1,
                FileNode.MOST_BYTES / block,
                trims ? blocks : 0,
                // The kernel writes zeroes itself where the device cannot.
                blocks,
                !direct || limits.map(BlockLimits::volatileWriteCache).orElse(true));
    }

    /** Asks with a range of nothing, which no kernel discards: one that knows the command finds fault with the range or the file. */
    private static boolean takesDiscardCommand(OpenFile reader) throws IOException {
        try (Ring ring = Ring.open(RingOptions.ofEntries(1))) {
            if (!ring.supports(RingOperation.URING_CMD)) {
                return false;
            }
            ring.registerFile(reader);
            LongBuffer entry = ring.entries();
            int at = ring.entry();
            for (int i = 0; i < 8; i++) {
                entry.put(at + i, 0);
            }
            entry.put(at, RingEntry.head(RingOperation.URING_CMD));
            entry.put(at + RingEntry.OFFSET, FileCommands.DISCARD_COMMAND);
            ring.push();
            while (!ring.ready()) {
                int result = ring.await(1, -1);
                if (result < 0 && result != -Errno.EINTR.intValue()) {
                    throw new BlockIoException(reader.name(), "io_uring_enter: " + LinuxException.describe(-result));
                }
            }
            int result = ring.result();
            return result != -Errno.EOPNOTSUPP.intValue() && result != -Errno.ENOTTY.intValue();
        }
    }

    @Override
    public Geometry geometry() {
        return geometry;
    }

    @Override
    public synchronized OpenFile file(boolean writing) throws IOException {
        if (!writing) {
            return reader;
        }
        if (writer == null) {
            List<BlockUse> uses = kernel.uses(name);
            if (!uses.isEmpty()) {
                throw new BlockIoException(
                        reader.name(),
                        "it is not written to while "
                                + uses.stream().map(BlockUse::toString).collect(Collectors.joining(", "))
                                + ": take that away first, or open it read-only");
            }
            writer = claim();
        }
        return writer;
    }

    private OpenFile claim() throws IOException {
        try {
            return reader.has(Mode.DIRECT)
                    ? reader.reopen(Mode.DIRECT, Mode.WRITE, Mode.EXCLUSIVE)
                    : reader.reopen(Mode.WRITE, Mode.EXCLUSIVE);
        } catch (LinuxException failure) {
            if (failure.errno() == Errno.EBUSY) {
                throw new BlockIoException(
                        reader.name(),
                        "another program has it for itself, or the kernel uses it: end that first (lsof "
                                + reader.name() + "), or open it read-only");
            }
            throw failure;
        }
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
        return new FileCommands(
                transfers,
                others,
                geometry.blockShift(),
                registered,
                discards ? FileCommands.Trim.DISCARD : FileCommands.Trim.ZERO,
                fallback);
    }

    @Override
    public synchronized void close() {
        reader.close();
        if (writer != null) {
            writer.close();
        }
    }
}
