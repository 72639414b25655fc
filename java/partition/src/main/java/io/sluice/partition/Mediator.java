package io.sluice.partition;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockSession;
import io.sluice.block.Geometry;
import io.sluice.block.LimitedSession;
import io.sluice.block.SessionClosedException;
import io.sluice.block.SessionOptions;
import io.sluice.block.driver.LeasedSession;
import io.sluice.block.driver.Window;
import io.sluice.partition.table.Extent;
import io.sluice.partition.table.Partition;
import io.sluice.partition.table.PartitionTable;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands out sessions on partitions: who asks names a label, a {@link Policy} says which partition that label gets and how, and what is given is a
 * session of the device itself whose window is the partition. From then on the mediator is out of the path: it sees no operation of the session, and
 * costs nothing. What it keeps is the right to take the window away ({@link LeasedSession#fence}), which it does when {@link #refresh} finds that the partition moved
 * or vanished, or that no policy grants it any more.
 *
 * <p>A label that no policy knows gets nothing. A partition has one label at a time, or any number of readers. When the device has one queue
 * left, that one is for all further sessions together ({@link Multiplexer#sharing}). A mediator behind another, over a {@link #device}, hands out
 * parts of what it was given and never more. Any thread.
 */
public final class Mediator implements Closeable {
    private final BlockDevice device;
    private final MediatorOptions options;
    /** Those that have not ended. A session's end takes its own out without the monitor: who closes a session may hold monitors of the device. */
    private final Set<Lease> leases = ConcurrentHashMap.newKeySet();

    private Policies policies;
    private PartitionTable table;
    private @Nullable Multiplexer shared;
    private boolean closed;

    private Mediator(BlockDevice device, Policies policies, MediatorOptions options, PartitionTable table) {
        this.device = device;
        this.policies = policies;
        this.options = options;
        this.table = table;
    }

    /**
     * A mediator for the partitions of a device; reads its table over a session that is closed before this returns. The device stays the caller's, and open until
     * the mediator is closed.
     *
     * @throws IOException when there is no table to rely on: see {@link PartitionTable#read(BlockDevice)}
     */
    public static Mediator over(BlockDevice device, Policies policies, MediatorOptions options) throws IOException {
        Mediator mediator = new Mediator(device, policies, options, PartitionTable.read(device));
        options.events().accept(new MediatorEvent.TableRead(mediator.table));
        return mediator;
    }

    /** See {@link #over(BlockDevice, Policies, MediatorOptions)}; with the default options. */
    public static Mediator over(BlockDevice device, Policies policies) throws IOException {
        return over(device, policies, MediatorOptions.defaults());
    }

    /**
     * Opens a session for a label.
     *
     * <p>A session that shares the last queue of the device ({@link Grant} says which do) takes no memory but its own: {@link BlockSession#wrap} throws there.
     *
     * @param wanted its window is one of the partition, whose block 0 is the partition's first; {@code label} and {@code priority} are replaced
     * @throws SessionDeniedException when no policy grants it, or somebody else has the partition
     * @throws io.sluice.block.InvalidRequestException when the window does not lie within the partition
     * @throws IOException when the device gives no session
     */
    public BlockSession open(String label, SessionOptions wanted) throws IOException {
        return lease(label, wanted).session();
    }

    private synchronized Lease lease(String label, SessionOptions wanted) throws IOException {
        try {
            checkOpen();
            Policy policy = policy(label);
            Partition partition = partition(label, policy);
            if (wanted.writeable() && !policy.writeable()) {
                throw denied(label, "policy '" + policy.name() + "' lets it read alone; open the session read-only");
            }
            Extent window = window(partition, wanted);
            checkFree(label, policy, partition);
            Lease lease = open(label, policy, partition, window, wanted);
            leases.add(lease);
            // Before the session's owner can close it: an end that comes first would leave the lease behind.
            lease.session().whenEnded(() -> ended(lease));
            boolean told = false;
            try {
                options.events().accept(new MediatorEvent.Opened(lease.grant()));
                told = true;
                return lease;
            } finally {
                if (!told) {
                    // Nobody else could ever close it.
                    lease.session().close();
                }
            }
        } catch (SessionDeniedException denial) {
            options.events().accept(new MediatorEvent.Denied(label, String.valueOf(denial.getMessage())));
            throw denial;
        }
    }

    private void ended(Lease lease) {
        if (leases.remove(lease)) {
            options.events().accept(new MediatorEvent.Ended(lease.grant()));
        }
    }

    private Policy policy(String label) throws SessionDeniedException {
        return policies.match(device.name(), label).orElseThrow(() -> denied(label, "no policy is for it"));
    }

    private Partition partition(String label, Policy policy) throws SessionDeniedException {
        List<Partition> found =
                table.partitions().stream().filter(policy.partition()::matches).toList();
        if (found.size() != 1) {
            throw denied(
                    label,
                    "policy '" + policy.name() + "' gives the partition of " + policy.partition() + ", of which there "
                            + (found.isEmpty() ? "is none" : "are " + found.size()) + " in the table ("
                            + table.kind() + ")");
        }
        return found.get(0);
    }

    private Extent window(Partition partition, SessionOptions wanted) throws IOException {
        Geometry geometry = device.geometry();
        Window window = Window.of(
                device.name() + ", " + Lease.describe(partition),
                geometry.window(partition.firstBlock(), partition.blockCount(), geometry.writeable()),
                wanted,
                Long.MAX_VALUE);
        // Within the partition, which lies within the device: neither sum wraps.
        return new Extent(
                partition.firstBlock() + window.onDevice(0), window.geometry().blockCount());
    }

    /** One label at a time, or readers that do not mind others; whatever is still in the blocks' way counts, fenced or not. */
    private void checkFree(String label, Policy policy, Partition partition) throws SessionDeniedException {
        int mine = 0;
        for (Lease lease : leases) {
            Grant other = lease.grant();
            if (!other.partition().extent().overlaps(partition.extent())) {
                continue;
            }
            if (lease.isFenced()) {
                throw denied(
                        label,
                        "blocks of " + Lease.describe(partition) + " are still held by a session of '" + other.label()
                                + "', whose window was taken away; it must be closed first");
            }
            boolean same = other.label().equals(label) && other.policy().name().equals(policy.name());
            if (same) {
                mine++;
            } else if (!policy.shared() || !other.policy().shared()) {
                throw denied(label, Lease.describe(partition) + " is in use by '" + other.label() + "'");
            }
        }
        if (mine >= policy.sessions()) {
            throw denied(
                    label,
                    "it has " + mine + (mine == 1 ? " session on " : " sessions on ") + Lease.describe(partition)
                            + " already, and policy '" + policy.name() + "' allows no more");
        }
    }

    private Lease open(String label, Policy policy, Partition partition, Extent window, SessionOptions wanted)
            throws IOException {
        SessionOptions composed = wanted.window(window.firstBlock(), window.blockCount())
                .label(label)
                .priority(policy.priority());
        Multiplexer queue = sharedQueue();
        BlockSession opened = queue == null ? device.open(composed) : queue.open(composed, policy.weight());
        boolean leased = false;
        try {
            Grant grant = new Grant(label, policy, partition, window, wanted.writeable(), queue != null);
            IntConsumer weight = queue == null ? ignored -> {} : value -> queue.weight(opened, value);
            Lease lease = new Lease(grant, leasable(limited(opened, policy)), weight);
            leased = true;
            return lease;
        } finally {
            if (!leased) {
                opened.close();
            }
        }
    }

    private BlockSession limited(BlockSession session, Policy policy) {
        return policy.limits().isLimited() ? LimitedSession.over(session, device.name(), policy.limits()) : session;
    }

    private LeasedSession leasable(BlockSession session) {
        if (session instanceof LeasedSession leased) {
            return leased;
        }
        throw new IllegalArgumentException(device.name() + ": a session of " + session.getClass()
                + " cannot be taken away again, so the device has no use for a mediator");
    }

    /** The queue that further sessions share; null while each may have one of its own. */
    private @Nullable Multiplexer sharedQueue() throws IOException {
        int left = device.sessionsLeft();
        if (!options.sharesQueues() || left > 1 || (shared != null && left > 0)) {
            return null;
        }
        if (shared == null && left == 1) {
            shared = Multiplexer.sharing(device, options.sharing());
        }
        // With none left from the start, the device itself says best why it opens nothing.
        return shared;
    }

    /**
     * The partition of a label as a device of its own; see {@link #open} for what opening a session of it means. Its geometry is that of the partition now.
     *
     * @throws SessionDeniedException when no policy is for the label
     */
    public synchronized BlockDevice device(String label) throws IOException {
        checkOpen();
        Policy policy = policy(label);
        Partition partition = partition(label, policy);
        return new PartitionDevice(
                this,
                label,
                device.name() + "/p" + partition.number(),
                device.geometry().window(partition.firstBlock(), partition.blockCount(), policy.writeable()));
    }

    int sessionsLeft() {
        return options.sharesQueues() && device.sessionsLeft() <= 1 ? Integer.MAX_VALUE : device.sessionsLeft();
    }

    /**
     * Reads the partition table again, and takes away the window of each session whose partition is not where it was, or is not in the table any more.
     *
     * @return how many windows were taken away
     * @throws IOException when there is no table to rely on now; then everything stays as it is
     */
    public synchronized int refresh() throws IOException {
        return refresh(policies);
    }

    /** The same with other policies: sessions that these do not grant lose their windows, weights change, and limits of those that had some. */
    public synchronized int refresh(Policies newPolicies) throws IOException {
        checkOpen();
        PartitionTable newTable = PartitionTable.read(shared != null && device.sessionsLeft() == 0 ? shared : device);
        table = newTable;
        policies = newPolicies;
        // Windows first: whoever is told of events may throw.
        List<MediatorEvent> fenced = new ArrayList<>();
        for (Lease lease : leases) {
            String reason = lease.isFenced() ? null : reasonToFence(lease);
            if (reason != null) {
                lease.fence(reason);
                fenced.add(new MediatorEvent.Fenced(lease.grant(), reason));
            }
        }
        options.events().accept(new MediatorEvent.TableRead(newTable));
        fenced.forEach(options.events());
        return fenced.size();
    }

    private @Nullable String reasonToFence(Lease lease) {
        String lost = lease.lostUnder(table);
        if (lost != null) {
            return lost;
        }
        Grant grant = lease.grant();
        try {
            Policy policy = policy(grant.label());
            Partition partition = partition(grant.label(), policy);
            if (partition.firstBlock() != grant.partition().firstBlock()) {
                return "policy '" + policy.name() + "' gives label '" + grant.label() + "' " + Lease.describe(partition)
                        + " now";
            }
            if (grant.writeable() && !policy.writeable()) {
                return "policy '" + policy.name() + "' lets label '" + grant.label() + "' read alone now";
            }
            lease.follow(policy);
            return null;
        } catch (SessionDeniedException denial) {
            return String.valueOf(denial.getMessage());
        }
    }

    /** The table and the sessions as they are now. */
    public synchronized MediatorReport report() {
        List<MediatorReport.Session> sessions = new ArrayList<>();
        for (Lease lease : leases) {
            sessions.add(new MediatorReport.Session(lease.grant(), lease.fence()));
        }
        return new MediatorReport(table, sessions);
    }

    private SessionDeniedException denied(String label, String reason) {
        return new SessionDeniedException(device.name(), label, reason);
    }

    private void checkOpen() throws SessionClosedException {
        if (closed) {
            throw new SessionClosedException(device.name(), "its mediator is closed");
        }
    }

    /** Closes all sessions that it handed out. Idempotent. */
    @Override
    public void close() throws IOException {
        Multiplexer queue;
        synchronized (this) {
            closed = true;
            queue = shared;
        }
        IOException failure = null;
        for (Lease lease : leases) {
            try {
                lease.session().close();
            } catch (IOException e) {
                failure = first(failure, e);
            }
        }
        if (queue != null) {
            try {
                queue.close();
            } catch (IOException e) {
                failure = first(failure, e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    static IOException first(@Nullable IOException before, IOException next) {
        if (before == null) {
            return next;
        }
        before.addSuppressed(next);
        return before;
    }

    @Override
    public String toString() {
        return "mediator of " + device.name();
    }
}
