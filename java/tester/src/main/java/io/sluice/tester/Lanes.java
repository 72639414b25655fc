package io.sluice.tester;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockSession;
import io.sluice.block.Geometry;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.AsynchronousFileChannel;

/** Opens lanes: checks that a workload fits a target, and sizes session and memory for it. */
final class Lanes {
    /** Slots begin on pages, so that a transfer never needs one more page than its size asks for. */
    private static final int PAGE_BYTES = 4096;

    /** What jobs split over, beyond the caller's memory, where they have to copy. */
    private static final int BOUNCE_BYTES = 1 << 20;

    /** A lane, and the window that it goes through. */
    record Opened(Lane lane, long windowBytes, int blockBytes) {}

    private Lanes() {}

    static Opened open(Target target, Workload workload) throws IOException {
        if (target instanceof Target.Session session) {
            return overSession(session.device(), workload, false);
        }
        if (target instanceof Target.Jobs jobs) {
            return overSession(jobs.device(), workload, true);
        }
        if (target instanceof Target.Channel channel) {
            return overChannel(channel, workload);
        }
        return overChannel((Target.AsynchronousChannel) target, workload);
    }

    private static Opened overSession(BlockDevice device, Workload workload, boolean asJobs) throws IOException {
        Geometry geometry = device.geometry();
        int blockBytes = geometry.blockBytes();
        long window = window(device.name(), workload, geometry.blockCount() * blockBytes, blockBytes);
        requireOperations(device.name(), workload, geometry.maxTrimBlocks() > 0, geometry.maxZeroBlocks() > 0);
        if (!asJobs && workload.access() instanceof Access.Replay replay) {
            requireBlocks(device.name(), replay.trace(), blockBytes);
        }

        int slotBytes = slotBytes(workload, geometry.alignmentBytes());
        Splitting splitting = workload.splitting();
        boolean callersMemory = asJobs && splitting.bufferBytes() > 0;
        long slots = (long) slotBytes * workload.depth();
        int pieces = asJobs ? 1 : pieces(workload, geometry);
        SessionOptions options = SessionOptions.defaults()
                .window(workload.startBytes() / blockBytes, window / blockBytes)
                .writeable(workload.changes())
                .bufferBytes(
                        callersMemory
                                ? splitting.bufferBytes()
                                : workload.bufferBytes(slots + (asJobs ? BOUNCE_BYTES : 0)))
                .queueDepth(
                        asJobs && splitting.pieces() > 0
                                ? splitting.pieces()
                                : (int) Math.min(65535, (long) workload.depth() * pieces))
                .interrupts(workload.waiting() == Waiting.INTERRUPT)
                .label(workload.name())
                // For whoever watches this process meanwhile.
                .latency(workload.timing() != Timing.NONE);
        BlockSession session = device.open(options);
        if (!asJobs && session.queueDepth() < (long) workload.depth() * pieces) {
            int there = session.queueDepth();
            session.close();
            throw new TesterException(device.name() + " takes " + there + " operations at once, not "
                    + (long) workload.depth() * pieces + " (" + workload.depth() + " I/Os, each of " + pieces
                    + (pieces == 1 ? " operation" : " operations") + " at most): use fewer at once or smaller ones");
        }
        if (!asJobs) {
            return new Opened(new SessionLane(session, workload.depth(), slotBytes, pieces == 1), window, blockBytes);
        }
        Lane lane = callersMemory
                ? JobsLane.copying(session, workload.depth(), slotBytes, memory(slots))
                : JobsLane.inPlace(session, workload.depth(), slotBytes, BOUNCE_BYTES);
        return new Opened(lane, window, blockBytes);
    }

    /** How many operations of the device the largest I/O is. */
    private static int pieces(Workload workload, Geometry geometry) {
        long most = pieces(workload.largestTransfer(), geometry.maxTransferBlocks(), geometry);
        if (uses(workload, Operation.TRIM)) {
            most = Math.max(most, pieces(largest(workload, Operation.TRIM), geometry.maxTrimBlocks(), geometry));
        }
        if (uses(workload, Operation.WRITE_ZEROES)) {
            most = Math.max(
                    most, pieces(largest(workload, Operation.WRITE_ZEROES), geometry.maxZeroBlocks(), geometry));
        }
        return (int) Math.max(1, Math.min(65535, most));
    }

    private static long pieces(long bytes, long mostBlocks, Geometry geometry) {
        long blocks = bytes / geometry.blockBytes();
        return (blocks + mostBlocks - 1) / mostBlocks;
    }

    private static long largest(Workload workload, Operation operation) {
        if (!(workload.access() instanceof Access.Replay replay)) {
            return workload.trimSizes().largest();
        }
        long most = 0;
        for (int i = 0; i < replay.trace().size(); i++) {
            if (replay.trace().operation(i) == operation) {
                most = Math.max(most, replay.trace().length(i));
            }
        }
        return most;
    }

    private static boolean uses(Workload workload, Operation operation) {
        return workload.access() instanceof Access.Replay replay
                ? replay.trace().has(operation)
                : operation == Operation.TRIM && workload.mix().trimPercent() > 0;
    }

    private static void requireOperations(String device, Workload workload, boolean trims, boolean zeroes)
            throws TesterException {
        if (!trims && uses(workload, Operation.TRIM)) {
            throw new TesterException(device + " cannot trim: leave trims out");
        }
        if (!zeroes && uses(workload, Operation.WRITE_ZEROES)) {
            throw new TesterException(device + " cannot write zeroes: leave them out");
        }
    }

    private static Opened overChannel(Target.Channel target, Workload workload) throws IOException {
        long window = window(target.name(), workload, target.sizeBytes(), target.blockBytes());
        requireOperations(target.name(), workload, false, false);
        if (workload.depth() != 1) {
            throw new TesterException("a channel carries out one I/O at a time: use a depth of 1, or more workloads");
        }
        int slotBytes = slotBytes(workload, 1);
        ByteBuffer memory = memory(workload.bufferBytes(slotBytes));
        return new Opened(
                new ChannelLane(target.opening().open(workload.changes()), workload.startBytes(), memory),
                window,
                target.blockBytes());
    }

    private static Opened overChannel(Target.AsynchronousChannel target, Workload workload) throws IOException {
        long window = window(target.name(), workload, target.sizeBytes(), target.blockBytes());
        requireOperations(target.name(), workload, false, false);
        int slotBytes = slotBytes(workload, 1);
        ByteBuffer memory = memory(workload.bufferBytes((long) slotBytes * workload.depth()));
        AsynchronousFileChannel channel = target.opening().open(workload.changes());
        return new Opened(
                new AsynchronousLane(channel, workload.startBytes(), memory, workload.depth(), slotBytes),
                window,
                target.blockBytes());
    }

    private static long window(String device, Workload workload, long sizeBytes, int blockBytes)
            throws TesterException {
        long start = workload.startBytes();
        if (start % blockBytes != 0 || start >= sizeBytes) {
            throw new TesterException(device + " has " + sizeBytes + " bytes in blocks of " + blockBytes
                    + ": no window can begin at byte " + start);
        }
        long length = workload.lengthBytes() == 0 ? sizeBytes - start : workload.lengthBytes();
        if (length > sizeBytes - start) {
            throw new TesterException(
                    device + " has only " + sizeBytes + " bytes, not " + length + " from byte " + start + " on");
        }
        if (workload.access() instanceof Access.Replay) {
            return length - length % blockBytes;
        }
        int unit = workload.unitBytes();
        requireBlocks(device, workload.mix().hasReads(), workload.readSizes(), blockBytes, unit, length);
        requireBlocks(device, workload.mix().hasWrites(), workload.writeSizes(), blockBytes, unit, length);
        requireBlocks(device, workload.mix().trimPercent() > 0, workload.trimSizes(), blockBytes, unit, length);
        return length - length % unit;
    }

    private static void requireBlocks(
            String device, boolean used, Sizes sizes, int blockBytes, int unit, long windowBytes)
            throws TesterException {
        if (!used) {
            return;
        }
        if (sizes.largest() > windowBytes - windowBytes % unit) {
            throw new TesterException("I/Os of " + sizes.largest() + " bytes are more than the " + windowBytes
                    + " bytes to be touched on " + device);
        }
        if (!sizes.allMultiplesOf(blockBytes)) {
            throw new TesterException("I/Os of " + sizes + " bytes: " + device + " has blocks of " + blockBytes
                    + " bytes, and an I/O is a multiple of that");
        }
    }

    private static void requireBlocks(String device, Trace trace, int blockBytes) throws TesterException {
        for (int i = 0; i < trace.size(); i++) {
            if (trace.position(i) % blockBytes != 0 || trace.length(i) % blockBytes != 0) {
                throw new TesterException(trace.name() + ": request " + (i + 1) + " has " + trace.length(i)
                        + " bytes at byte " + trace.position(i) + ", which are no whole blocks of " + device + " ("
                        + blockBytes + " bytes); jobs take any bytes");
            }
        }
    }

    private static int slotBytes(Workload workload, int alignment) throws TesterException {
        long unit = Math.max(PAGE_BYTES, alignment);
        long bytes = Math.max(1, workload.largestTransfer());
        long rounded = (bytes + unit - 1) / unit * unit;
        if (rounded > Sizes.LARGEST) {
            throw new TesterException("an I/O of " + bytes + " bytes: expected at most 2^30");
        }
        return (int) rounded;
    }

    private static ByteBuffer memory(long bytes) throws TesterException {
        if (bytes > 1 << 30) {
            throw new TesterException("the I/Os in flight need " + bytes + " bytes of memory: expected at most 2^30");
        }
        ByteBuffer memory = ByteBuffer.allocateDirect((int) bytes + PAGE_BYTES);
        return memory.alignedSlice(PAGE_BYTES).slice(0, (int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
