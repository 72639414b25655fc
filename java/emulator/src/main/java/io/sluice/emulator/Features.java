package io.sluice.emulator;

import java.util.Arrays;

/** Features that the host reads and sets (section 5.21.1). None survives a reset: nothing is saved. For the controller's thread alone. */
final class Features {
    static final int ARBITRATION = 0x01;
    static final int POWER_MANAGEMENT = 0x02;
    static final int TEMPERATURE_THRESHOLD = 0x04;
    static final int ERROR_RECOVERY = 0x05;
    static final int WRITE_CACHE = 0x06;
    static final int NUMBER_OF_QUEUES = 0x07;
    static final int INTERRUPT_COALESCING = 0x08;
    static final int INTERRUPT_VECTOR = 0x09;
    static final int WRITE_ATOMICITY = 0x0a;
    static final int ASYNC_EVENTS = 0x0b;
    static final int AUTONOMOUS_POWER_STATES = 0x0c;
    static final int HOST_MEMORY_BUFFER = 0x0d;
    static final int KEEP_ALIVE_TIMER = 0x0f;
    static final int SOFTWARE_PROGRESS = 0x80;

    /** Bursts of 32 commands, the same weight for each priority. */
    private static final int DEFAULT_ARBITRATION = 5;

    static final int WARNING_KELVIN = 343;
    static final int CRITICAL_KELVIN = 358;

    private static final int SAVE = 1 << 31;
    private static final int CURRENT = 0;
    private static final int CAPABILITIES = 3;
    private static final int NAMESPACE_SPECIFIC = 1 << 1;
    private static final int CHANGEABLE = 1 << 2;

    private final int queuePairs;
    private final boolean writeCache;
    private final PowerStates powerStates;
    private final HostMemoryBuffer hostMemory;
    private final int[] values = new int[256];
    private final boolean[] vectorsUncoalesced;
    private int underThreshold;
    private int result;

    /**
     * The defaults.
     *
     * @param vectors number of interrupt vectors
     * @param writeCache whether there is a volatile write cache
     */
    Features(int queuePairs, int vectors, boolean writeCache, PowerStates powerStates, HostMemoryBuffer hostMemory) {
        this.powerStates = powerStates;
        this.hostMemory = hostMemory;
        this.queuePairs = queuePairs;
        this.writeCache = writeCache;
        this.vectorsUncoalesced = new boolean[vectors];
        reset();
    }

    void reset() {
        Arrays.fill(values, 0);
        Arrays.fill(vectorsUncoalesced, false);
        underThreshold = 0;
        powerStates.reset();
        hostMemory.reset();
        for (int id = 0; id < values.length; id++) {
            values[id] = defaultOf(id);
        }
    }

    private int defaultOf(int id) {
        return switch (id) {
            case ARBITRATION -> DEFAULT_ARBITRATION;
            case TEMPERATURE_THRESHOLD -> WARNING_KELVIN;
            case WRITE_CACHE -> writeCache ? 1 : 0;
            case NUMBER_OF_QUEUES -> (queuePairs - 1) << 16 | (queuePairs - 1);
            default -> 0;
        };
    }

    private boolean known(int id) {
        return switch (id) {
            case ARBITRATION,
                    POWER_MANAGEMENT,
                    TEMPERATURE_THRESHOLD,
                    ERROR_RECOVERY,
                    NUMBER_OF_QUEUES,
                    INTERRUPT_COALESCING,
                    WRITE_ATOMICITY,
                    ASYNC_EVENTS,
                    AUTONOMOUS_POWER_STATES,
                    KEEP_ALIVE_TIMER,
                    SOFTWARE_PROGRESS -> true;
            case WRITE_CACHE -> writeCache;
            case HOST_MEMORY_BUFFER -> hostMemory.offered();
            case INTERRUPT_VECTOR -> vectorsUncoalesced.length > 0;
            default -> false;
        };
    }

    int arbitration() {
        return values[ARBITRATION];
    }

    boolean writeCacheEnabled() {
        return values[WRITE_CACHE] != 0;
    }

    int asyncEvents() {
        return values[ASYNC_EVENTS];
    }

    /** Milliseconds; 0 = there is no timer. */
    int keepAliveMillis() {
        return values[KEEP_ALIVE_TIMER];
    }

    /** Whether a temperature is one that the host wants to hear of. */
    boolean temperatureBeyondThresholds(int kelvin) {
        return kelvin >= (values[TEMPERATURE_THRESHOLD] & 0xffff) || kelvin <= underThreshold;
    }

    /** Doubleword 0 of the completion of the last {@link #get} or {@link #set} that succeeded. */
    int result() {
        return result;
    }

    /** Get Features (section 5.13); returns a status. */
    int get(Command command) {
        int id = command.dword10() & 0xff;
        int select = command.dword10() >>> 8 & 7;
        if (!known(id) || select > CAPABILITIES) {
            return Status.INVALID_FIELD;
        }
        result = 0;
        if (transfersData(id)) {
            return getData(id, select, command);
        }
        if (select == CAPABILITIES) {
            result = (id == ERROR_RECOVERY ? NAMESPACE_SPECIFIC : 0) | CHANGEABLE;
            return Status.SUCCESS;
        }
        if (select != CURRENT) {
            // Nothing was saved, so that the saved value is the default.
            result = defaultOf(id);
            return Status.SUCCESS;
        }
        int selector = command.dword11();
        switch (id) {
            case TEMPERATURE_THRESHOLD -> {
                if ((selector >>> 16 & 0xf) != 0 || (selector >>> 20 & 3) > 1) {
                    return Status.INVALID_FIELD;
                }
                result = (selector >>> 20 & 3) == 0 ? values[id] : underThreshold;
            }
            case INTERRUPT_VECTOR -> {
                int vector = selector & 0xffff;
                if (vector >= vectorsUncoalesced.length) {
                    return Status.INVALID_FIELD;
                }
                result = vector | (vectorsUncoalesced[vector] ? 1 << 16 : 0);
            }
            default -> result = values[id];
        }
        return Status.SUCCESS;
    }

    private static boolean transfersData(int id) {
        return id == AUTONOMOUS_POWER_STATES || id == HOST_MEMORY_BUFFER;
    }

    private int getData(int id, int select, Command command) {
        if (select == CAPABILITIES) {
            result = CHANGEABLE;
            return Status.SUCCESS;
        }
        // What was saved, and the default, is nothing: only what is set now can be read.
        if (select != CURRENT) {
            return Status.INVALID_FIELD;
        }
        result = id == AUTONOMOUS_POWER_STATES ? powerStates.result() : hostMemory.result();
        return id == AUTONOMOUS_POWER_STATES ? powerStates.get(command) : hostMemory.get(command);
    }

    /**
     * Set Features (section 5.21); returns a status.
     *
     * @param queuesExist whether I/O queues were made since the reset
     */
    int set(Command command, boolean queuesExist) {
        int id = command.dword10() & 0xff;
        if (!known(id)) {
            return Status.INVALID_FIELD;
        }
        if ((command.dword10() & SAVE) != 0) {
            return Status.FEATURE_NOT_SAVEABLE;
        }
        if (id != ERROR_RECOVERY && command.namespaceId() != 0 && command.namespaceId() != Namespaces.ALL) {
            return Status.FEATURE_NOT_NAMESPACE_SPECIFIC;
        }
        result = 0;
        int value = command.dword11();
        switch (id) {
            case AUTONOMOUS_POWER_STATES -> {
                return powerStates.set(command);
            }
            case HOST_MEMORY_BUFFER -> {
                return hostMemory.set(command);
            }
            case POWER_MANAGEMENT -> {
                if ((value & 0x1f) >= PowerStates.count()) {
                    return Status.INVALID_FIELD;
                }
                values[id] = value & 0xff;
            }
            case TEMPERATURE_THRESHOLD -> {
                return setThreshold(value);
            }
            case ERROR_RECOVERY -> values[id] = value & 0xffff;
            case WRITE_CACHE, WRITE_ATOMICITY -> values[id] = value & 1;
            case NUMBER_OF_QUEUES -> {
                if ((value & 0xffff) == 0xffff || value >>> 16 == 0xffff) {
                    return Status.INVALID_FIELD;
                }
                if (queuesExist) {
                    return Status.COMMAND_SEQUENCE_ERROR;
                }
                result = values[id];
            }
            case INTERRUPT_COALESCING -> values[id] = value & 0xffff;
            case INTERRUPT_VECTOR -> {
                int vector = value & 0xffff;
                if (vector >= vectorsUncoalesced.length) {
                    return Status.INVALID_FIELD;
                }
                vectorsUncoalesced[vector] = (value & 1 << 16) != 0;
            }
            case SOFTWARE_PROGRESS -> values[id] = value & 0xff;
            default -> values[id] = value;
        }
        return Status.SUCCESS;
    }

    private int setThreshold(int value) {
        int sensor = value >>> 16 & 0xf;
        int side = value >>> 20 & 3;
        // There is the composite temperature alone; 1111b means every sensor there is.
        if ((sensor != 0 && sensor != 0xf) || side > 1) {
            return Status.INVALID_FIELD;
        }
        if (side == 0) {
            values[TEMPERATURE_THRESHOLD] = value & 0xffff;
        } else {
            underThreshold = value & 0xffff;
        }
        return Status.SUCCESS;
    }
}
