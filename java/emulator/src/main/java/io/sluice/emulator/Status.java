package io.sluice.emulator;

/** Status of a completion: Status Code Type and Status Code in bits 10:0 as in a completion entry without its phase bit (section 4.6.1). */
final class Status {
    static final int SUCCESS = 0x000;
    static final int INVALID_OPCODE = 0x001;
    static final int INVALID_FIELD = 0x002;
    static final int DATA_TRANSFER_ERROR = 0x004;
    static final int INTERNAL_ERROR = 0x006;
    static final int ABORT_REQUESTED = 0x007;
    static final int ABORTED_BY_QUEUE_DELETION = 0x008;
    static final int MISSING_FUSED_COMMAND = 0x00a;
    static final int INVALID_NAMESPACE = 0x00b;
    static final int COMMAND_SEQUENCE_ERROR = 0x00c;
    static final int INVALID_SGL_SEGMENT = 0x00d;
    static final int INVALID_SGL_COUNT = 0x00e;
    static final int SGL_LENGTH_INVALID = 0x00f;
    static final int SGL_TYPE_INVALID = 0x011;
    static final int PRP_OFFSET_INVALID = 0x013;
    static final int NAMESPACE_WRITE_PROTECTED = 0x020;
    static final int LBA_OUT_OF_RANGE = 0x080;

    static final int COMPLETION_QUEUE_INVALID = 0x100;
    static final int INVALID_QUEUE_ID = 0x101;
    static final int INVALID_QUEUE_SIZE = 0x102;
    static final int EVENT_REQUEST_LIMIT = 0x105;
    static final int INVALID_INTERRUPT_VECTOR = 0x108;
    static final int INVALID_LOG_PAGE = 0x109;
    static final int INVALID_FORMAT = 0x10a;
    static final int INVALID_QUEUE_DELETION = 0x10c;
    static final int FEATURE_NOT_SAVEABLE = 0x10d;
    static final int FEATURE_NOT_CHANGEABLE = 0x10e;
    static final int FEATURE_NOT_NAMESPACE_SPECIFIC = 0x10f;
    static final int INSUFFICIENT_CAPACITY = 0x115;
    static final int NAMESPACE_ID_UNAVAILABLE = 0x116;
    static final int ALREADY_ATTACHED = 0x118;
    static final int NOT_ATTACHED = 0x11a;
    static final int CONTROLLER_LIST_INVALID = 0x11c;

    static final int WRITE_FAULT = 0x280;
    static final int UNRECOVERED_READ_ERROR = 0x281;
    static final int COMPARE_FAILURE = 0x285;

    /** The error log tells more (M). */
    static final int MORE = 1 << 13;
    /** The same command would fail again (DNR). */
    static final int DO_NOT_RETRY = 1 << 14;

    private Status() {}

    /** What to say of retries: only errors of media, of transfer and of the device itself may pass. */
    static int complete(int status) {
        return switch (status) {
            case SUCCESS -> SUCCESS;
            case DATA_TRANSFER_ERROR, INTERNAL_ERROR, ABORT_REQUESTED, ABORTED_BY_QUEUE_DELETION -> status | MORE;
            case WRITE_FAULT, UNRECOVERED_READ_ERROR -> status | MORE;
            default -> status | MORE | DO_NOT_RETRY;
        };
    }
}
