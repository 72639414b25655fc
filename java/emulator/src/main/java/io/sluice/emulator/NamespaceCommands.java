package io.sluice.emulator;

import io.sluice.block.Operation;
import io.sluice.block.RamDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Format NVM, Namespace Management and Namespace Attachment (sections 5.23, 5.20, 5.19). For the controller's thread alone. */
final class NamespaceCommands {
    private static final int LIST_BYTES = 4096;
    private static final int USER_DATA_ERASE = 1;

    private final ControllerIdentity identity;
    private final Namespaces namespaces;
    private final DataPointer data;
    private final Backing backing;
    private final Events events;
    private final Features features;
    private final ByteBuffer list = ByteBuffer.allocateDirect(LIST_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private int result;

    NamespaceCommands(
            ControllerIdentity identity,
            Namespaces namespaces,
            DataPointer data,
            Backing backing,
            Events events,
            Features features) {
        this.identity = identity;
        this.namespaces = namespaces;
        this.data = data;
        this.backing = backing;
        this.events = events;
        this.features = features;
    }

    /** Doubleword 0 of the completion of what was done last: the identifier of a new namespace. */
    int result() {
        return result;
    }

    int format(Command command) {
        int erase = command.dword10() >>> 9 & 7;
        boolean metadataOrProtection = (command.dword10() >>> 4 & 0x1f) != 0;
        if (erase > USER_DATA_ERASE) {
            return Status.INVALID_FIELD;
        }
        int format = command.dword10() & 0xf;
        if (command.namespaceId() == Namespaces.ALL) {
            for (Namespace namespace : namespaces.all()) {
                int status =
                        namespace.attached() ? format(namespace, format, metadataOrProtection, erase) : Status.SUCCESS;
                if (status != Status.SUCCESS) {
                    return status;
                }
            }
            return Status.SUCCESS;
        }
        Namespace namespace = namespaces.active(command.namespaceId());
        if (namespace == null) {
            return namespaces.refusal(command.namespaceId());
        }
        return format(namespace, format, metadataOrProtection, erase);
    }

    private int format(Namespace namespace, int format, boolean metadataOrProtection, int erase) {
        int smallest = namespace.geometry().blockShift();
        if (format >= IdentifyPages.formats(smallest) || metadataOrProtection) {
            return Status.INVALID_FORMAT;
        }
        int shift = IdentifyPages.formatShift(smallest, format);
        if (namespace.geometry().blockCount() >> (shift - smallest) == 0) {
            return Status.INVALID_FORMAT;
        }
        if (!namespace.geometry().writeable()) {
            return Status.NAMESPACE_WRITE_PROTECTED;
        }
        backing.drain();
        int status = erase(namespace, erase == USER_DATA_ERASE);
        if (status == Status.SUCCESS) {
            namespace.format(shift);
            changed(namespace.id());
        }
        return status;
    }

    private int erase(Namespace namespace, boolean surely) {
        long most = surely
                ? namespace.geometry().maxZeroBlocks()
                : namespace.geometry().maxTrimBlocks();
        Operation operation = surely ? Operation.WRITE_ZEROES : Operation.TRIM;
        if (most == 0) {
            // Who only formats gets back whatever the device holds; who wants it erased is not told that it was.
            return surely ? Status.INVALID_FIELD : Status.SUCCESS;
        }
        for (long block = 0; block < namespace.geometry().blockCount(); ) {
            long part = Math.min(most, namespace.geometry().blockCount() - block);
            int status = backing.perform(
                    namespace, operation, block, part, namespace.session().buffer(), 0);
            if (status != Status.SUCCESS) {
                return status;
            }
            block += part;
        }
        return Status.SUCCESS;
    }

    int attach(Command command) {
        int select = command.dword10() & 0xf;
        Namespace namespace = namespaces.allocated(command.namespaceId());
        if (namespace == null || select > 1) {
            return namespace == null ? namespaces.refusal(command.namespaceId()) : Status.INVALID_FIELD;
        }
        int status = data.follow(command, LIST_BYTES, false);
        if (status != Status.SUCCESS) {
            return status;
        }
        data.move(0, list, 0, LIST_BYTES);
        // The only controller there is has identifier 0.
        if (list.getShort(0) != 1 || list.getShort(2) != 0) {
            return Status.CONTROLLER_LIST_INVALID;
        }
        boolean attach = select == 0;
        if (namespace.attached() == attach) {
            return attach ? Status.ALREADY_ATTACHED : Status.NOT_ATTACHED;
        }
        backing.drain();
        namespace.attached(attach);
        changed(namespace.id());
        return Status.SUCCESS;
    }

    int manage(Command command) {
        return switch (command.dword10() & 0xf) {
            case 0 -> create(command);
            case 1 -> delete(command);
            default -> Status.INVALID_FIELD;
        };
    }

    private int create(Command command) {
        int status = data.follow(command, LIST_BYTES, false);
        if (status != Status.SUCCESS) {
            return status;
        }
        data.move(0, list, 0, LIST_BYTES);
        long blocks = list.getLong(0);
        int format = list.get(26) & 0xf;
        if (format > 1 || list.get(29) != 0) {
            return Status.INVALID_FORMAT;
        }
        int shift = format == 0 ? 9 : 12;
        if (blocks <= 0 || list.getLong(8) != blocks) {
            // Thin provisioning, with a capacity below the size, is not offered.
            return Status.INVALID_FIELD;
        }
        if (blocks > namespaces.spareBytes() >>> shift) {
            return Status.INSUFFICIENT_CAPACITY;
        }
        int id = namespaces.freeId();
        if (id == 0) {
            return Status.NAMESPACE_ID_UNAVAILABLE;
        }
        try {
            Namespace namespace = Namespace.open(
                    id, new RamDevice("namespace " + id, 1 << shift, blocks), identity.namespaceUuid(id));
            namespace.attached(false);
            namespaces.add(namespace);
        } catch (IOException | OutOfMemoryError noMemory) {
            return Status.INSUFFICIENT_CAPACITY;
        }
        namespaces.spareBytes(-(blocks << shift));
        result = id;
        return Status.SUCCESS;
    }

    private int delete(Command command) {
        if (command.namespaceId() == Namespaces.ALL) {
            for (Namespace namespace : namespaces.all()) {
                int status = delete(namespace);
                if (status != Status.SUCCESS) {
                    return status;
                }
            }
            return Status.SUCCESS;
        }
        Namespace namespace = namespaces.allocated(command.namespaceId());
        return namespace == null ? namespaces.refusal(command.namespaceId()) : delete(namespace);
    }

    private int delete(Namespace namespace) {
        backing.drain();
        namespaces.remove(namespace);
        long bytes = namespace.geometry().blockCount() << namespace.geometry().blockShift();
        if (namespaces.spareBytes() <= Long.MAX_VALUE - bytes) {
            namespaces.spareBytes(bytes);
        }
        if (namespace.attached()) {
            changed(namespace.id());
        }
        try {
            namespace.close();
        } catch (IOException failure) {
            return Status.INTERNAL_ERROR;
        }
        return Status.SUCCESS;
    }

    private void changed(int id) {
        namespaces.changed(id);
        if ((features.asyncEvents() & 1 << 8) != 0) {
            events.raise(Events.NOTICE, Events.NAMESPACE_CHANGED);
        }
    }
}
