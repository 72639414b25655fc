package io.sluice.nvme;

/** Features that can be read and set (section 5.21.1). */
public enum Feature {
    /** How the controller chooses among submission queues. */
    ARBITRATION(0x01),
    /** Power state and workload hint. */
    POWER_MANAGEMENT(0x02),
    /** Temperatures that raise an event. */
    TEMPERATURE_THRESHOLD(0x04),
    /** How long the device retries before it reports an error. */
    ERROR_RECOVERY(0x05),
    /** Whether the volatile write cache is on. */
    VOLATILE_WRITE_CACHE(0x06),
    /** How many I/O queues the controller granted; not settable after queues were made. */
    NUMBER_OF_QUEUES(0x07),
    /** After how much time or how many completions an interrupt comes. */
    INTERRUPT_COALESCING(0x08),
    /** What writes are atomic. */
    WRITE_ATOMICITY(0x0a),
    /** Which events are reported. */
    ASYNC_EVENTS(0x0b),
    /** Whether the device changes its power state by itself. */
    AUTONOMOUS_POWER_STATES(0x0c),
    /** Whether memory of the host is lent to the controller; this driver sets it when it opens a controller ({@link ControllerOptions#maxHostMemoryBytes}). */
    HOST_MEMORY_BUFFER(0x0d);

    private final int id;

    Feature(int id) {
        this.id = id;
    }

    /** Whether its value is more than doubleword 11 of a command: such features have methods of their own. */
    public boolean transfersData() {
        return this == AUTONOMOUS_POWER_STATES || this == HOST_MEMORY_BUFFER;
    }

    /** Feature Identifier (FID). */
    public int id() {
        return id;
    }
}
