package io.sluice.emulator;

import io.sluice.block.BlockIoException;
import io.sluice.block.Geometry;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The commands of the NVM command set (section 6). For the controller's thread alone. */
final class IoCommands {
    /** In the place of a status: the command is under way and completes later. */
    static final int STARTED = -1;

    private static final int FORCE_UNIT_ACCESS = 1 << 30;
    private static final int DEALLOCATE = 1 << 2;
    private static final int RANGE_BYTES = 16;
    private static final int MOST_RANGES = 256;

    private final Namespaces namespaces;
    private final GuestMemory memory;
    private final DataPointer data;
    private final Flight flight;
    private final Backing backing;
    private final Completions completions;
    private final Health health;
    private final Features features;
    private final long maxTransferBytes;
    private final Bounce bounce;
    private final ByteBuffer ranges =
            ByteBuffer.allocateDirect(MOST_RANGES * RANGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    IoCommands(
            Namespaces namespaces,
            GuestMemory memory,
            DataPointer data,
            Completions completions,
            Health health,
            Features features,
            long maxTransferBytes) {
        this.namespaces = namespaces;
        this.memory = memory;
        this.data = data;
        this.completions = completions;
        this.health = health;
        this.features = features;
        this.maxTransferBytes = maxTransferBytes;
        this.flight = new Flight();
        this.backing = new Backing(namespaces, flight, this::landed, memory::lost);
        this.bounce = new Bounce(data, backing);
    }

    Backing backing() {
        return backing;
    }

    /** How many commands are under way. */
    int inFlight() {
        return flight.count();
    }

    /** Executes a command that was fetched; it is completed here or by {@link Backing#poll}. */
    void execute(SubmissionQueue queue, Command command) {
        int status = start(queue, command);
        if (status != STARTED) {
            completions.complete(queue, command.id(), status, 0, command.namespaceId(), command.dwords10And11());
        }
    }

    /** Executes a read or a write so that its data is not what it should be; false when the command is another. */
    boolean executeDamaged(SubmissionQueue queue, Command command, Fault.DamageData damage, FaultScript faults) {
        boolean read = command.opcode() == Opcode.READ;
        Namespace namespace = namespaces.active(command.namespaceId());
        if ((!read && command.opcode() != Opcode.WRITE) || namespace == null || command.fused() != 0) {
            return false;
        }
        long first = command.dwords10And11();
        long count = count(command);
        long bytes = count << namespace.blockShift();
        if (!namespace.holds(first, count)
                || bytes > maxTransferBytes
                || (!read && !namespace.geometry().writeable())
                || data.follow(command, bytes, read) != Status.SUCCESS) {
            // Refused as it would be without a fault.
            return false;
        }
        if (damage.damage() == Fault.DamageData.Damage.MISDIRECTED) {
            first = Math.floorMod(first + damage.blocks(), namespace.blocks() - count + 1);
        }
        int status = bounce.damaged(
                namespace,
                read ? Operation.READ : Operation.WRITE,
                first << namespace.deviceShift(),
                bytes,
                damage.damage(),
                faults);
        completions.complete(queue, command.id(), status, 0, command.namespaceId(), command.dwords10And11());
        return true;
    }

    private int start(SubmissionQueue queue, Command command) {
        if (command.fused() != 0) {
            return Status.INVALID_FIELD;
        }
        while (flight.isFull()) {
            int ignored = backing.poll();
        }
        int opcode = command.opcode();
        if (opcode == Opcode.FLUSH) {
            return flush(queue, command);
        }
        Namespace namespace = namespaces.active(command.namespaceId());
        if (namespace == null) {
            return known(opcode) ? namespaces.refusal(command.namespaceId()) : Status.INVALID_OPCODE;
        }
        return switch (opcode) {
            case Opcode.READ, Opcode.WRITE -> transfer(queue, command, namespace, opcode == Opcode.READ);
            case Opcode.WRITE_ZEROES -> writeZeroes(queue, command, namespace);
            case Opcode.DATASET_MANAGEMENT -> manageDataset(queue, command, namespace);
            case Opcode.COMPARE -> compare(command, namespace);
            case Opcode.VERIFY -> verify(command, namespace);
            case Opcode.WRITE_UNCORRECTABLE -> writeUncorrectable(command, namespace);
            default -> Status.INVALID_OPCODE;
        };
    }

    private static boolean known(int opcode) {
        return switch (opcode) {
            case Opcode.READ,
                    Opcode.WRITE,
                    Opcode.WRITE_ZEROES,
                    Opcode.DATASET_MANAGEMENT,
                    Opcode.COMPARE,
                    Opcode.VERIFY,
                    Opcode.WRITE_UNCORRECTABLE -> true;
            default -> false;
        };
    }

    private static long count(Command command) {
        return (command.dword12() & 0xffff) + 1L;
    }

    private int transfer(SubmissionQueue queue, Command command, Namespace namespace, boolean read) {
        long first = command.dwords10And11();
        long count = count(command);
        if (!namespace.holds(first, count)) {
            return Status.LBA_OUT_OF_RANGE;
        }
        long bytes = count << namespace.blockShift();
        if (bytes > maxTransferBytes) {
            return Status.INVALID_FIELD;
        }
        if (!read && !namespace.geometry().writeable()) {
            return Status.NAMESPACE_WRITE_PROTECTED;
        }
        int status = data.follow(command, bytes, read);
        if (status != Status.SUCCESS) {
            return status;
        }
        Operation operation;
        if (read) {
            operation = Operation.READ;
            if (namespace.unreadable(first, count)) {
                health.mediaError();
                return Status.UNRECOVERED_READ_ERROR;
            }
            health.read(bytes);
        } else {
            boolean durable = (command.dword12() & FORCE_UNIT_ACCESS) != 0 || !features.writeCacheEnabled();
            operation = durable ? Operation.WRITE_DURABLE : Operation.WRITE;
            namespace.makeReadable(first, count);
            health.written(bytes);
        }
        long deviceBlock = first << namespace.deviceShift();
        if (!direct(namespace.geometry())) {
            return bounce.transfer(namespace, operation, deviceBlock, bytes);
        }
        int number = flight.start(queue, command);
        sendSegments(namespace, number, operation, deviceBlock);
        if (flight.land(number)) {
            landed(number);
        }
        return STARTED;
    }

    /** Whether each segment is whole blocks of the device, so that the device can move them by itself. */
    private boolean direct(Geometry geometry) {
        int blockMask = geometry.blockBytes() - 1;
        int alignmentMask = geometry.alignmentBytes() - 1;
        for (int segment = 0; segment < data.count(); segment++) {
            if (data.piece(segment) == DataPointer.NOWHERE
                    || (data.length(segment) & blockMask) != 0
                    || (data.offset(segment) & alignmentMask) != 0) {
                return false;
            }
        }
        return true;
    }

    private void sendSegments(Namespace namespace, int number, Operation operation, long deviceBlock) {
        int shift = namespace.geometry().blockShift();
        int most = namespace.geometry().maxTransferBlocks();
        long block = deviceBlock;
        for (int segment = 0; segment < data.count(); segment++) {
            IoBuffer buffer;
            try {
                buffer = namespace.buffer(memory, data.piece(segment));
            } catch (BlockIoException unreachable) {
                flight.fail(number, Status.INTERNAL_ERROR);
                return;
            }
            long offset = data.offset(segment);
            for (int left = data.length(segment) >> shift; left > 0; ) {
                int part = Math.min(left, most);
                backing.send(namespace, number, operation, block, part, buffer, offset);
                left -= part;
                block += part;
                offset += (long) part << shift;
            }
        }
    }

    private void landed(int number) {
        int status = flight.status(number);
        if (status == Status.UNRECOVERED_READ_ERROR || status == Status.WRITE_FAULT) {
            health.mediaError();
        }
        SubmissionQueue queue = flight.queue(number);
        int command = flight.command(number);
        int namespace = flight.namespace(number);
        long block = flight.block(number);
        flight.free(number);
        completions.complete(queue, command, status, 0, namespace, block);
    }

    private int flush(SubmissionQueue queue, Command command) {
        if (command.namespaceId() != Namespaces.ALL && namespaces.active(command.namespaceId()) == null) {
            return namespaces.refusal(command.namespaceId());
        }
        int number = flight.start(queue, command);
        List<Namespace> all = namespaces.all();
        for (int i = 0; i < all.size(); i++) {
            Namespace namespace = all.get(i);
            boolean meant = command.namespaceId() == Namespaces.ALL
                    ? namespace.attached()
                    : namespace.id() == command.namespaceId();
            if (meant) {
                backing.send(
                        namespace,
                        number,
                        Operation.SYNC,
                        0,
                        0,
                        namespace.session().buffer(),
                        0);
            }
        }
        if (flight.land(number)) {
            landed(number);
        }
        return STARTED;
    }

    private int writeZeroes(SubmissionQueue queue, Command command, Namespace namespace) {
        long first = command.dwords10And11();
        long count = count(command);
        if (!namespace.holds(first, count)) {
            return Status.LBA_OUT_OF_RANGE;
        }
        if (!namespace.geometry().writeable()) {
            return Status.NAMESPACE_WRITE_PROTECTED;
        }
        namespace.makeReadable(first, count);
        long block = first << namespace.deviceShift();
        long blocks = count << namespace.deviceShift();
        if (namespace.geometry().maxZeroBlocks() == 0) {
            return bounce.writeZeroes(namespace, block, blocks);
        }
        int number = flight.start(queue, command);
        sendRange(
                namespace,
                number,
                Operation.WRITE_ZEROES,
                block,
                blocks,
                namespace.geometry().maxZeroBlocks());
        if ((command.dword12() & FORCE_UNIT_ACCESS) != 0 || !features.writeCacheEnabled()) {
            backing.send(
                    namespace, number, Operation.SYNC, 0, 0, namespace.session().buffer(), 0);
        }
        if (flight.land(number)) {
            landed(number);
        }
        return STARTED;
    }

    private void sendRange(Namespace namespace, int number, Operation operation, long first, long count, long most) {
        long block = first;
        for (long left = count; left > 0; ) {
            long part = Math.min(left, most);
            backing.send(
                    namespace,
                    number,
                    operation,
                    block,
                    part,
                    namespace.session().buffer(),
                    0);
            left -= part;
            block += part;
        }
    }

    private int manageDataset(SubmissionQueue queue, Command command, Namespace namespace) {
        int count = (command.dword10() & 0xff) + 1;
        int status = data.follow(command, (long) count * RANGE_BYTES, false);
        if (status != Status.SUCCESS) {
            return status;
        }
        data.move(0, ranges, 0, count * RANGE_BYTES);
        for (int i = 0; i < count; i++) {
            if (!namespace.holds(rangeFirst(i), rangeCount(i))) {
                return Status.LBA_OUT_OF_RANGE;
            }
        }
        if (!namespace.geometry().writeable()) {
            return Status.NAMESPACE_WRITE_PROTECTED;
        }
        long most = namespace.geometry().maxTrimBlocks();
        if ((command.dword11() & DEALLOCATE) == 0 || most == 0) {
            // Hints about use, and advice that the device cannot take.
            return Status.SUCCESS;
        }
        int number = flight.start(queue, command);
        for (int i = 0; i < count; i++) {
            namespace.makeReadable(rangeFirst(i), rangeCount(i));
            sendRange(
                    namespace,
                    number,
                    Operation.TRIM,
                    rangeFirst(i) << namespace.deviceShift(),
                    rangeCount(i) << namespace.deviceShift(),
                    most);
        }
        if (flight.land(number)) {
            landed(number);
        }
        return STARTED;
    }

    private long rangeFirst(int index) {
        return ranges.getLong(index * RANGE_BYTES + 8);
    }

    private long rangeCount(int index) {
        return ranges.getInt(index * RANGE_BYTES + 4) & 0xffff_ffffL;
    }

    private int compare(Command command, Namespace namespace) {
        long first = command.dwords10And11();
        long count = count(command);
        if (!namespace.holds(first, count)) {
            return Status.LBA_OUT_OF_RANGE;
        }
        long bytes = count << namespace.blockShift();
        if (bytes > maxTransferBytes) {
            return Status.INVALID_FIELD;
        }
        int status = data.follow(command, bytes, false);
        if (status != Status.SUCCESS) {
            return status;
        }
        if (namespace.unreadable(first, count)) {
            health.mediaError();
            return Status.UNRECOVERED_READ_ERROR;
        }
        health.read(bytes);
        return bounce.compare(namespace, first << namespace.deviceShift(), bytes);
    }

    private int verify(Command command, Namespace namespace) {
        long first = command.dwords10And11();
        long count = count(command);
        if (!namespace.holds(first, count)) {
            return Status.LBA_OUT_OF_RANGE;
        }
        if (namespace.unreadable(first, count)) {
            health.mediaError();
            return Status.UNRECOVERED_READ_ERROR;
        }
        return bounce.verify(namespace, first << namespace.deviceShift(), count << namespace.blockShift());
    }

    private int writeUncorrectable(Command command, Namespace namespace) {
        long first = command.dwords10And11();
        long count = count(command);
        if (!namespace.holds(first, count)) {
            return Status.LBA_OUT_OF_RANGE;
        }
        if (!namespace.geometry().writeable()) {
            return Status.NAMESPACE_WRITE_PROTECTED;
        }
        namespace.makeUnreadable(first, count);
        return Status.SUCCESS;
    }
}
