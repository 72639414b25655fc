package io.sluice.emulator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Get Log Page (section 5.14). For the controller's thread alone. */
final class LogPages {
    static final int ERRORS = 0x01;
    static final int HEALTH = 0x02;
    static final int FIRMWARE = 0x03;
    static final int CHANGED_NAMESPACES = 0x04;
    static final int COMMANDS = 0x05;

    private static final int RETAIN_EVENT = 1 << 15;
    private static final int LARGEST_PAGE = 4096;
    private static final int FIRMWARE_BYTES = 512;
    private static final int MOST_CHANGED = 1024;

    /** Bits of an entry of the Commands Supported and Effects log page. */
    private static final int SUPPORTED = 1;

    private static final int CHANGES_BLOCKS = 1 << 1;
    private static final int CHANGES_NAMESPACE = 1 << 2;
    private static final int CHANGES_INVENTORY = 1 << 3;
    private static final int ALONE = 2 << 16;

    private final ControllerIdentity identity;
    private final ErrorLog errors;
    private final Health health;
    private final Features features;
    private final Namespaces namespaces;
    private final Events events;
    private final DataPointer data;
    private final ByteBuffer page = ByteBuffer.allocateDirect(LARGEST_PAGE).order(ByteOrder.LITTLE_ENDIAN);
    private final byte[] zeroes = new byte[LARGEST_PAGE];

    LogPages(
            ControllerIdentity identity,
            ErrorLog errors,
            Health health,
            Features features,
            Namespaces namespaces,
            Events events,
            DataPointer data) {
        this.identity = identity;
        this.errors = errors;
        this.health = health;
        this.features = features;
        this.namespaces = namespaces;
        this.events = events;
        this.data = data;
    }

    /** Executes the command; returns a status. */
    int get(Command command, long maxTransferBytes) {
        int id = command.dword10() & 0xff;
        int size = size(id);
        if (size == 0) {
            return Status.INVALID_LOG_PAGE;
        }
        long dwords = (command.dword10() >>> 16 | (long) (command.dword11() & 0xffff) << 16) + 1;
        long offset = command.dwords12And13();
        long bytes = 4 * dwords;
        if ((offset & 3) != 0 || offset < 0 || offset > size || bytes > maxTransferBytes) {
            return Status.INVALID_FIELD;
        }
        boolean whole = command.namespaceId() == 0 || command.namespaceId() == Namespaces.ALL;
        if (id == HEALTH && !whole) {
            // There is one for the controller, none for each namespace (LPA bit 0).
            return Status.INVALID_FIELD;
        }
        int status = data.follow(command, bytes, true);
        if (status != Status.SUCCESS) {
            return status;
        }
        boolean retain = (command.dword10() & RETAIN_EVENT) != 0;
        write(id, retain);
        long from = offset;
        for (long done = 0; done < bytes; ) {
            // What is asked for beyond the end of the page is zero.
            int part = (int) Math.min(bytes - done, LARGEST_PAGE - from);
            data.move(done, page, (int) from, part);
            done += part;
            from = 0;
            if (done < bytes) {
                page.put(0, zeroes);
            }
        }
        if (!retain) {
            events.logRead(id);
        }
        return Status.SUCCESS;
    }

    private static int size(int id) {
        return switch (id) {
            case ERRORS -> ErrorLog.ENTRIES * ErrorLog.ENTRY_BYTES;
            case HEALTH -> Health.LOG_BYTES;
            case FIRMWARE -> FIRMWARE_BYTES;
            case CHANGED_NAMESPACES, COMMANDS -> LARGEST_PAGE;
            default -> 0;
        };
    }

    private void write(int id, boolean retain) {
        page.put(0, zeroes);
        switch (id) {
            case ERRORS -> errors.write(page);
            case HEALTH -> health.write(page, criticalWarnings(), errors.count());
            case FIRMWARE -> {
                page.put(0, (byte) 1);
                page.put(8, ControllerIdentity.ascii(identity.firmware(), 8));
            }
            case CHANGED_NAMESPACES -> writeChanged(retain);
            default -> writeCommands();
        }
    }

    /** The warnings that were set, and that of a temperature beyond a threshold. */
    int criticalWarnings() {
        boolean hot = features.temperatureBeyondThresholds(health.temperatureKelvin());
        return health.criticalWarning() | (hot ? 1 << 1 : 0);
    }

    private void writeChanged(boolean retain) {
        List<Integer> changed = retain ? namespaces.changed() : namespaces.takeChanged();
        if (changed.size() > MOST_CHANGED) {
            page.putInt(0, -1);
            return;
        }
        for (int i = 0; i < changed.size(); i++) {
            page.putInt(4 * i, changed.get(i));
        }
    }

    private void writeCommands() {
        for (int opcode : new int[] {
            Opcode.DELETE_SUBMISSION_QUEUE,
            Opcode.CREATE_SUBMISSION_QUEUE,
            Opcode.GET_LOG_PAGE,
            Opcode.DELETE_COMPLETION_QUEUE,
            Opcode.CREATE_COMPLETION_QUEUE,
            Opcode.IDENTIFY,
            Opcode.ABORT,
            Opcode.SET_FEATURES,
            Opcode.GET_FEATURES,
            Opcode.ASYNC_EVENT_REQUEST,
            Opcode.KEEP_ALIVE,
            Opcode.DOORBELL_BUFFER_CONFIG
        }) {
            page.putInt(4 * opcode, SUPPORTED);
        }
        page.putInt(4 * Opcode.NAMESPACE_MANAGEMENT, SUPPORTED | CHANGES_INVENTORY);
        page.putInt(4 * Opcode.NAMESPACE_ATTACHMENT, SUPPORTED | CHANGES_INVENTORY);
        page.putInt(4 * Opcode.FORMAT, SUPPORTED | CHANGES_BLOCKS | CHANGES_NAMESPACE | ALONE);
        for (int opcode : new int[] {Opcode.FLUSH, Opcode.READ, Opcode.COMPARE, Opcode.VERIFY}) {
            page.putInt(1024 + 4 * opcode, SUPPORTED);
        }
        for (int opcode :
                new int[] {Opcode.WRITE, Opcode.WRITE_UNCORRECTABLE, Opcode.WRITE_ZEROES, Opcode.DATASET_MANAGEMENT}) {
            page.putInt(1024 + 4 * opcode, SUPPORTED | CHANGES_BLOCKS);
        }
    }
}
