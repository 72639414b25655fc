package io.sluice.partition.table;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockSession;
import io.sluice.block.Geometry;
import io.sluice.block.InvalidRequestException;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import io.sluice.partition.table.Finding.Problem;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes and changes the partition table of a device, GPT or MBR, with the logical partitions of that. Belongs to one thread.
 *
 * <p>Each method is one change: it checks everything, then writes, then reads what it wrote. When power fails in the middle, or the device does, the
 * table is the one from before or the new one; of a GPT one copy is then older than the other, which {@link #repair} ends. Logical partitions that are
 * deleted together with others of an MBR are gone before these. What partitions hold is never touched.
 *
 * <p>Every method throws {@link PartitionTableException} when it refuses, and has written nothing then.
 */
public final class TableEditor implements Closeable {
    private static final int BUFFER_BYTES = 1 << 20;
    /** What is put in order by taking partitions out and laying the table out anew. The backup of a larger device is gone with its end. */
    private static final Set<Problem> CURED_BY_FITTING =
            EnumSet.of(Problem.PARTITION_REFUSED, Problem.DEVICE_SHRANK, Problem.BACKUP_DAMAGED);

    private final Blocks blocks;
    private final Placement placement;
    private final BlockUsers users;
    private final Closeable session;
    private @Nullable PartitionTable table;
    private @Nullable PartitionTableException unusable;

    /**
     * Over blocks that nobody else changes.
     *
     * @param optimalBlocks see {@link Geometry#optimalWriteBlocks()}
     * @param session is closed with this
     */
    TableEditor(Blocks blocks, int optimalBlocks, BlockUsers users, Closeable session) throws IOException {
        this.blocks = blocks;
        this.placement = new Placement(blocks, optimalBlocks);
        this.users = users;
        this.session = session;
        read();
    }

    /**
     * Opens a session of a device and reads the table.
     *
     * @param users knows who else uses the device
     * @throws IOException when the device is read-only, gives no session, or cannot be read; a table that cannot be used is no reason
     */
    public static TableEditor open(BlockDevice device, BlockUsers users) throws IOException {
        Geometry geometry = device.geometry();
        if (!geometry.writeable()) {
            throw new InvalidRequestException(
                    device.name(), Operation.WRITE, 0, 1, "the device is read-only; its table cannot be changed");
        }
        BlockSession session = device.open(SessionOptions.defaults()
                .writeable(true)
                .bufferBytes(Math.max(BUFFER_BYTES, geometry.blockBytes()))
                .queueDepth(1)
                .label("partition table"));
        try {
            Blocks blocks = new SessionBlocks(device.name(), session);
            return new TableEditor(blocks, geometry.optimalWriteBlocks(), users, session);
        } catch (IOException | RuntimeException | Error failure) {
            session.close();
            throw failure;
        }
    }

    private void read() throws IOException {
        try {
            table = TableReader.read(blocks);
            unusable = null;
        } catch (PartitionTableException e) {
            table = null;
            unusable = e;
        }
    }

    /**
     * The table as it was read, or as the last change left it.
     *
     * @throws PartitionTableException when the device has one that cannot be used
     */
    public PartitionTable table() throws PartitionTableException {
        if (table == null) {
            throw unusable == null ? refusal("its table was not read") : unusable;
        }
        return table;
    }

    /** What {@link #init} would make an end of, in words; empty when that is nothing. */
    public Optional<String> content() throws IOException {
        if (table == null) {
            return Optional.of("a partition table that cannot be used");
        }
        if (table.kind() != TableKind.NONE) {
            int count = table.partitions().size();
            boolean nothing = count == 0 && table.extended() == null && !table.isDamaged();
            String partitions = count == 1 ? " with 1 partition" : " with " + count + " partitions";
            return nothing ? Optional.empty() : Optional.of("the partition table " + table.kind() + partitions);
        }
        return FileSystemProbe.probe(blocks, Extent.between(0, blocks.blockCount() - 1))
                .map(found -> found.type() + (found.label().isEmpty() ? "" : " '" + found.label() + "'"));
    }

    /**
     * Makes a new table without partitions, whatever was there. What was in partitions stays on the device, and belongs to nobody; what marks the device
     * as a whole as a file system is wiped.
     *
     * @param kind {@link TableKind#GPT} or {@link TableKind#MBR}
     */
    public PartitionTable init(TableKind kind) throws IOException {
        requireUnused(Extent.between(0, blocks.blockCount() - 1));
        boolean backupCounts = table != null
                && table.kind() == TableKind.GPT
                && GptCopies.read(blocks).primary() == null;
        switch (kind) {
            case GPT -> GptDraft.empty(blocks, backupCounts).plan().perform(blocks);
            case MBR -> new MbrReplacement(blocks).plan().perform(blocks);
            default -> throw refusal("a table of the kind " + kind + " cannot be made; GPT and MBR can");
        }
        read();
        return table();
    }

    /** Adds a partition; a logical one behind all others in the order of numbers, so that none gets another number. */
    public Partition create(NewPartition wanted) throws IOException {
        TableDraft draft = draft();
        int number = number(draft, wanted);
        if (number > draft.mostNumber()) {
            throw refusal("partition " + number + ": the table has room for numbers 1 to " + draft.mostNumber());
        }
        if (draft.isUsed(number)) {
            throw refusal("there is a partition " + number + " already");
        }
        Extent place = placement.find(wanted, draft.room(number, table()));
        requireUnused(place);
        Partition partition = new Partition(
                number, place.firstBlock(), place.blockCount(), wanted.type(), wanted.guid(), wanted.name(), 0);
        requireUnique(partition);
        draft.add(partition);
        write(draft);
        return partition(number);
    }

    private int number(TableDraft draft, NewPartition wanted) throws PartitionTableException {
        boolean logical = isLogical(wanted);
        if (wanted.number() != 0) {
            return wanted.number();
        }
        for (int number = logical ? PartitionChain.FIRST_NUMBER : 1; number <= draft.mostNumber(); number++) {
            if (!draft.isUsed(number)) {
                return number;
            }
        }
        throw refusal(
                logical
                        ? "there are as many logical partitions as there can be, up to number " + draft.mostNumber()
                        : "all of its " + draft.mostNumber() + " partitions are taken");
    }

    private boolean isLogical(NewPartition wanted) throws PartitionTableException {
        PartitionTable now = table();
        boolean numbered = now.kind() == TableKind.MBR && wanted.number() >= PartitionChain.FIRST_NUMBER;
        boolean meant = wanted.logical() || numbered;
        if (wanted.logical() && now.kind() == TableKind.GPT) {
            throw refusal("a GPT has no logical partitions, and needs none");
        }
        if (wanted.logical() && wanted.number() != 0 && !numbered) {
            throw refusal("partition " + wanted.number() + " is none of the logical ones, whose numbers are from 5");
        }
        ExtendedPartition extended = now.extended();
        if (extended == null) {
            if (meant) {
                throw refusal("there is no extended partition for a logical one to be in; create that first"
                        + " (type 'extended')");
            }
            return false;
        }
        if (meant || wanted.number() != 0) {
            return meant;
        }
        return wanted.firstBlock() == 0
                ? placement.largest(wanted, Room.of(now)) == null
                : extended.extent().contains(wanted.firstBlock());
    }

    /**
     * Takes partitions out of the table; their data stays where it is. Also takes out what makes no sense.
     *
     * @param numbers as they are before; logical partitions behind those that are taken out move down, as with sfdisk and in Linux
     */
    public void delete(List<Integer> numbers) throws IOException {
        PartitionTable now = table();
        Set<Problem> damage = now.findings().stream()
                .map(Finding::problem)
                .filter(Problem::isDamage)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Problem.class)));
        TableDraft draft;
        if (damage.contains(Problem.DEVICE_SHRANK) && CURED_BY_FITTING.containsAll(damage)) {
            draft = fitted();
        } else if (EnumSet.of(Problem.PARTITION_REFUSED).containsAll(damage)) {
            draft = draftOf(now);
        } else {
            draft = draft();
        }
        // From the largest number down, since those behind a logical partition move.
        for (int number : new TreeSet<>(numbers).descendingSet()) {
            requireEntry(draft, number);
            requireNotMirrored(number);
            Optional<Partition> partition = now.entry(number);
            if (partition.isPresent()) {
                requireUnused(partition.get().extent());
            }
            requireNoneMoves(number);
            draft.remove(number);
        }
        draft.removedAll();
        if (damage.contains(Problem.DEVICE_SHRANK) && draft instanceof GptDraft gpt) {
            gpt.requireUsable("delete that one with it");
        }
        write(draft);
    }

    /** Whoever has a session on a partition would find another one under its number. */
    private void requireNoneMoves(int deleted) throws PartitionTableException {
        PartitionTable now = table();
        if (now.kind() != TableKind.MBR || deleted < PartitionChain.FIRST_NUMBER) {
            return;
        }
        for (Partition behind : now.partitions()) {
            List<String> labels = behind.number() > deleted ? users.of(behind.extent()) : List.of();
            if (!labels.isEmpty()) {
                throw refusal("partition " + behind.number() + " is in use by " + String.join(", ", labels)
                        + " and would get a smaller number; close that first");
            }
        }
    }

    /**
     * Changes the length of a partition; it begins where it did. What is in it has to be made shorter before, or longer after that by a program that
     * knows it.
     *
     * @param blockCount logical blocks; 0 = up to the last aligned block of what is free behind it
     */
    public Partition resize(int number, long blockCount) throws IOException {
        TableDraft draft = draft();
        Partition before = existing(draft, number);
        requireNotMirrored(number);
        long most = before.blockCount() + table().freeAfter(before);
        long count = blockCount == 0
                ? Math.max(before.blockCount(), placement.aligned(before.firstBlock(), most))
                : blockCount;
        if (count < 1 || count > most) {
            throw refusal("partition " + number + " cannot have " + count + " blocks; from block " + before.firstBlock()
                    + " there is room for 1 to " + most);
        }
        long touched = Math.max(count, before.blockCount());
        // What is in the extended partition stays as it is.
        long kept = isExtended(number) ? Math.min(count, before.blockCount()) : 0;
        if (kept < touched) {
            requireUnused(new Extent(before.firstBlock() + kept, touched - kept));
        }
        draft.resize(number, count);
        write(draft);
        return partition(number);
    }

    private boolean isExtended(int number) throws PartitionTableException {
        ExtendedPartition extended = table().extended();
        return extended != null && extended.partition().number() == number;
    }

    /** Changes the name of a partition; empty for none. */
    public Partition name(int number, String name) throws IOException {
        TableDraft draft = draft();
        Partition before = existing(draft, number);
        draft.name(before.number(), name);
        write(draft);
        return partition(number);
    }

    /** Changes the type of a partition. */
    public Partition type(int number, PartitionType type) throws IOException {
        TableDraft draft = draft();
        Partition before = existing(draft, number);
        draft.type(before.number(), type);
        write(draft);
        return partition(number);
    }

    /**
     * Writes a GPT anew from the copy of it that counts, with the backup in the last block of the device and a protective MBR (a hybrid one stays); or mends the
     * chain of logical partitions of an MBR, where those that are known stay what they are.
     *
     * @return what was done, in words; empty when there was nothing to repair
     */
    public Optional<String> repair() throws IOException {
        PartitionTable now = table();
        return switch (now.kind()) {
            case GPT -> repairCopies(now) ? Optional.of("both copies of the GPT are sound") : Optional.empty();
            case MBR -> repairChain(now);
            case AHDI, NONE -> throw refusal("it has no GPT and no MBR, and nothing else can be repaired");
        };
    }

    private Optional<String> repairChain(PartitionTable now) throws IOException {
        ExtendedPartition extended = now.extended();
        if (extended == null || !ChainRepair.isBroken(now)) {
            return Optional.empty();
        }
        ChainRepair repair = ChainRepair.of(blocks, now, extended);
        requireUnused(new Extent(repair.block(), 1));
        repair.plan().perform(blocks);
        read();
        return Optional.of(repair.told());
    }

    private boolean repairCopies(PartitionTable now) throws IOException {
        boolean needed = now.findings().stream().anyMatch(finding -> switch (finding.problem()) {
            case PRIMARY_DAMAGED,
                    BACKUP_DAMAGED,
                    COPIES_DIFFER,
                    DEVICE_GREW,
                    DEVICE_SHRANK,
                    PROTECTIVE_MBR_MISSING,
                    PROTECTIVE_MBR_SIZE -> true;
            default -> false;
        });
        if (needed) {
            GptDraft draft = fitted();
            draft.requireUsable("delete it (its data is cut off already), or give the device its former size");
            write(draft);
        }
        return needed;
    }

    private GptDraft fitted() throws IOException {
        GptDraft draft = GptDraft.fitted(blocks, GptCopies.read(blocks));
        ByteBuffer sector = blocks.read(0, 1);
        boolean hybrid = table().findings().stream().anyMatch(finding -> finding.problem() == Problem.HYBRID_MBR);
        if (!hybrid) {
            draft.mbr(ProtectiveMbr.over(sector, blocks.blockCount()));
        }
        return draft;
    }

    private TableDraft draft() throws IOException {
        PartitionTable now = table();
        for (Finding finding : now.findings()) {
            if (finding.problem().isDamage()) {
                String remedy = switch (finding.problem()) {
                    case PARTITION_REFUSED -> "delete that first";
                    default -> "repair that first";
                };
                throw refusal("the table is damaged and is not changed; " + remedy + ": " + finding);
            }
        }
        return draftOf(now);
    }

    private TableDraft draftOf(PartitionTable now) throws IOException {
        return switch (now.kind()) {
            case GPT -> GptDraft.of(blocks, GptCopies.read(blocks));
            case MBR -> MbrDraft.of(blocks, now, placement.alignBlocks());
            case AHDI -> throw refusal("a table of the kind AHDI can be read, not changed");
            case NONE -> throw refusal("it has no partition table; make one first ('init')");
        };
    }

    private void write(TableDraft draft) throws IOException {
        draft.plan().perform(blocks);
        read();
    }

    private Partition partition(int number) throws PartitionTableException {
        return table().entry(number).orElseThrow(() -> refusal("partition " + number + " is not in the table"));
    }

    private Partition existing(TableDraft draft, int number) throws PartitionTableException {
        requireEntry(draft, number);
        return partition(number);
    }

    private void requireEntry(TableDraft draft, int number) throws PartitionTableException {
        if (number < 1 || number > draft.mostNumber() || !draft.isUsed(number)) {
            throw refusal("there is no partition " + number);
        }
    }

    // The MBR would then have a partition that is none of the GPT.
    private void requireNotMirrored(int number) throws IOException {
        Optional<Partition> partition = table().partition(number);
        if (table().kind() != TableKind.GPT || partition.isEmpty()) {
            return;
        }
        Predicate<MbrSector.Entry> same =
                entry -> entry.isData() && entry.start() == partition.get().firstBlock();
        ByteBuffer sector = blocks.read(0, 1);
        if (MbrSector.isSigned(sector)
                && MbrSector.get(sector).entries().stream().anyMatch(same)) {
            throw refusal("partition " + number
                    + " is in the hybrid MBR, too; make that a protective one first (gdisk: x, n, w)");
        }
    }

    private void requireUnique(Partition partition) throws PartitionTableException {
        for (Partition other : table().partitions()) {
            if (partition.guid() != null && partition.guid().equals(other.guid())) {
                throw refusal("partition " + other.number() + " has the GUID " + Guids.text(partition.guid()));
            }
        }
    }

    private void requireUnused(Extent extent) throws PartitionTableException {
        List<String> labels = users.of(extent);
        if (!labels.isEmpty()) {
            throw refusal("blocks " + extent.firstBlock() + " to " + extent.lastBlock() + " are in use by "
                    + String.join(", ", labels) + "; close that first");
        }
    }

    /** What the first block of a partition should be a multiple of, logical blocks. */
    public long alignBlocks() {
        return placement.alignBlocks();
    }

    private PartitionTableException refusal(String reason) {
        return new PartitionTableException(blocks.device(), reason);
    }

    /** Closes the session. */
    @Override
    public void close() throws IOException {
        session.close();
    }
}
