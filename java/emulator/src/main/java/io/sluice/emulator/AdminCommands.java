package io.sluice.emulator;

/** The admin commands (section 5). For the controller's thread alone. */
final class AdminCommands {
    /** No admin command moves more, whatever MDTS says. */
    private static final long MOST_BYTES = 1 << 20;

    private final Completions completions;
    private final QueueCommands queueCommands;
    private final NamespaceCommands namespaceCommands;
    private final IdentifyPages identifyPages;
    private final LogPages logPages;
    private final Features features;
    private final Events events;
    private final Queues queues;
    private final ControllerRegisters registers;
    private final ShadowDoorbells shadows;
    private final EmulatedOptions options;
    private final FaultScript faults;
    private long lastKeptAlive = System.nanoTime();

    AdminCommands(
            Completions completions,
            QueueCommands queueCommands,
            NamespaceCommands namespaceCommands,
            IdentifyPages identifyPages,
            LogPages logPages,
            Features features,
            Events events,
            Queues queues,
            ControllerRegisters registers,
            ShadowDoorbells shadows,
            EmulatedOptions options,
            FaultScript faults) {
        this.completions = completions;
        this.queueCommands = queueCommands;
        this.namespaceCommands = namespaceCommands;
        this.identifyPages = identifyPages;
        this.logPages = logPages;
        this.features = features;
        this.events = events;
        this.queues = queues;
        this.registers = registers;
        this.shadows = shadows;
        this.options = options;
        this.faults = faults;
    }

    /** Executes a command that was fetched, and completes it unless it waits for an event. */
    void execute(SubmissionQueue queue, Command command) {
        int result = 0;
        int status;
        if (command.fused() != 0 || command.dataPointerKind() != 0) {
            // Admin commands use PRPs (section 4.3), and none can be fused.
            status = Status.INVALID_FIELD;
        } else {
            status = start(queue, command);
            result = switch (command.opcode()) {
                case Opcode.GET_FEATURES, Opcode.SET_FEATURES -> features.result();
                case Opcode.NAMESPACE_MANAGEMENT -> namespaceCommands.result();
                // Bit 0: the command was not aborted.
                case Opcode.ABORT -> aborted(command) ? 0 : 1;
                default -> 0;
            };
        }
        if (status != IoCommands.STARTED) {
            completions.complete(
                    queue, command.id(), status, status == Status.SUCCESS ? result : 0, command.namespaceId(), 0);
        }
    }

    private int start(SubmissionQueue queue, Command command) {
        int configuration = registers.configuration();
        return switch (command.opcode()) {
            case Opcode.DELETE_SUBMISSION_QUEUE -> queueCommands.deleteSubmissionQueue(command);
            case Opcode.CREATE_SUBMISSION_QUEUE -> queueCommands.createSubmissionQueue(command, configuration);
            case Opcode.DELETE_COMPLETION_QUEUE -> queueCommands.deleteCompletionQueue(command);
            case Opcode.CREATE_COMPLETION_QUEUE -> queueCommands.createCompletionQueue(command, configuration);
            case Opcode.GET_LOG_PAGE -> logPages.get(command, Math.min(MOST_BYTES, options.maxTransferBytes()));
            case Opcode.IDENTIFY -> identifyPages.identify(command);
            case Opcode.ABORT -> Status.SUCCESS;
            case Opcode.SET_FEATURES -> features.set(command, queues.anyIoQueues());
            case Opcode.GET_FEATURES -> features.get(command);
            case Opcode.ASYNC_EVENT_REQUEST -> events.request(queue, command);
            case Opcode.NAMESPACE_MANAGEMENT -> namespaceCommands.manage(command);
            case Opcode.NAMESPACE_ATTACHMENT -> namespaceCommands.attach(command);
            case Opcode.FORMAT -> namespaceCommands.format(command);
            case Opcode.KEEP_ALIVE -> keepAlive();
            case Opcode.DOORBELL_BUFFER_CONFIG ->
                options.doorbellBuffers() ? shadows.configure(command, configuration) : Status.INVALID_OPCODE;
            // Firmware, self-test, sanitize, security and the rest are not offered (OACS).
            default -> Status.INVALID_OPCODE;
        };
    }

    private boolean aborted(Command command) {
        int queue = command.dword10() & 0xffff;
        int id = command.dword10() >>> 16;
        if (faults.isActive()) {
            if (faults.strikes(Fault.RefuseAbort.class)) {
                return false;
            }
            if (faults.abort(completions, queue, id)) {
                return true;
            }
        }
        // Everything else is done before an Abort can find it.
        return queue == 0 && events.abort(id);
    }

    private int keepAlive() {
        lastKeptAlive = System.nanoTime();
        return Status.SUCCESS;
    }

    /** Whether the host let its keep alive timer run out (section 7.12). */
    boolean keepAliveExpired(long now) {
        long millis = Integer.toUnsignedLong(features.keepAliveMillis());
        if (millis == 0) {
            lastKeptAlive = now;
            return false;
        }
        return now - lastKeptAlive > millis * 1_000_000;
    }
}
