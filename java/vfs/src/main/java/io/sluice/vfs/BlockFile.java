package io.sluice.vfs;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Geometry;
import io.sluice.block.SessionOptions;
import java.io.IOException;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a window of a device: what a file of the tree holds. All handles that write go through one session, so that parts of one block written through two
 * of them do not undo each other; those that only read have another, which a device may give where it gives no writeable one. Any thread.
 */
final class BlockFile {
    private static final class Users {
        private int count;
    }

    private final BlockDevice device;
    private final Medium medium;
    private final Settings settings;
    private final long firstBlock;
    private final long blockCount;
    private final FileLocks locks = new FileLocks();
    private final IdentityHashMap<Relay, Users> users = new IdentityHashMap<>();
    private @Nullable Relay reading;
    private @Nullable Relay writing;

    /**
     * A window of a device.
     *
     * @param medium the device's
     * @param firstBlock of the window, which lies within the device
     */
    BlockFile(BlockDevice device, Medium medium, Settings settings, long firstBlock, long blockCount) {
        this.device = device;
        this.medium = medium;
        this.settings = settings;
        this.firstBlock = firstBlock;
        this.blockCount = blockCount;
    }

    BlockDevice device() {
        return device;
    }

    Settings settings() {
        return settings;
    }

    /** First block of the device. */
    long firstBlock() {
        return firstBlock;
    }

    long blockCount() {
        return blockCount;
    }

    int blockBytes() {
        return device.geometry().blockBytes();
    }

    /** Bytes, less than 2^63. */
    long size() {
        int shift = device.geometry().blockShift();
        return Math.min(blockCount, Long.MAX_VALUE >> shift) << shift;
    }

    /** Whether it may be opened for writing. */
    boolean writeable() {
        return settings.writeable() && device.geometry().writeable();
    }

    FileLocks locks() {
        return locks;
    }

    Medium medium() {
        return medium;
    }

    /** See {@link Windows#settle}; bytes of this file. */
    void settle(long position, long length, @Nullable Window mine) throws IOException {
        Windows windows = medium.windows();
        if (!windows.isEmpty() && length > 0) {
            windows.settle(block(position), block(position + length - 1), mine);
        }
    }

    /** See {@link Windows#outdate}; bytes of this file. */
    void outdate(long position, long length, @Nullable Window mine) {
        Windows windows = medium.windows();
        if (!windows.isEmpty() && length > 0) {
            windows.outdate(block(position), block(position + length - 1), mine);
        }
    }

    /** The block of the device that has a byte of this file. */
    long block(long position) {
        return firstBlock + (position >> device.geometry().blockShift());
    }

    /** A session for one more handle; {@link #release} gives it back. */
    synchronized Relay acquire(boolean mayWrite) throws IOException {
        Relay relay = mayWrite ? writing : reading;
        if (relay == null || relay.isLost()) {
            relay = open(mayWrite);
            if (mayWrite) {
                writing = relay;
            } else {
                reading = relay;
            }
            users.put(relay, new Users());
        }
        users.get(relay).count++;
        return relay;
    }

    private Relay open(boolean mayWrite) throws IOException {
        SessionOptions options =
                settings.session().window(firstBlock, blockCount).writeable(mayWrite);
        BlockSession session = device.open(options);
        try {
            checkWindow(session.geometry());
            return new Relay(session, settings.inFlight(), settings.waiting(), settings.zeroCopyBytes());
        } catch (IOException | RuntimeException | Error failure) {
            session.close();
            throw failure;
        }
    }

    private void checkWindow(Geometry geometry) throws IOException {
        if (geometry.blockCount() != blockCount || geometry.blockBytes() != blockBytes()) {
            throw new BlockIoException(
                    device.name(),
                    "a session on " + blockCount + " blocks of " + blockBytes() + " bytes was given "
                            + geometry.blockCount() + " of " + geometry.blockBytes());
        }
    }

    /** One handle less, which has nothing in flight; the last one closes the session. */
    void release(Relay relay) throws IOException {
        synchronized (this) {
            Users known = users.get(relay);
            if (--known.count > 0) {
                return;
            }
            users.remove(relay);
            if (relay == writing) {
                writing = null;
            } else if (relay == reading) {
                reading = null;
            }
        }
        relay.close();
    }

    @Override
    public String toString() {
        return device.name() + ", " + blockCount + " blocks at " + firstBlock;
    }
}
