package io.sluice.nvme;

/** Offsets and fields of the controller registers in BAR 0 (section 3.1). */
final class Registers {
    static final int CAP = 0x00;
    static final int VS = 0x08;
    static final int INTMS = 0x0c;
    static final int CC = 0x14;
    static final int CSTS = 0x1c;
    static final int AQA = 0x24;
    static final int ASQ = 0x28;
    static final int ACQ = 0x30;
    static final int CMBLOC = 0x38;
    static final int CMBSZ = 0x3c;
    static final int CMBMSC = 0x50;
    static final int CMBSTS = 0x58;
    static final int DOORBELLS = 0x1000;

    static final int CC_ENABLE = 1;
    static final int CC_ALL_COMMAND_SETS = 0b110 << 4;
    static final int CC_ADMIN_ONLY = 0b111 << 4;
    static final int CC_PAGE_SHIFT = 7;
    /** CC.AMS 001b. */
    static final int CC_WEIGHTED_ROUND_ROBIN = 1 << 11;

    static final int CC_SHUTDOWN_MASK = 0b11 << 14;
    static final int CC_SHUTDOWN_NORMAL = 0b01 << 14;
    /** Entries of 2^6 bytes in submission queues, 2^4 in completion queues. */
    static final int CC_ENTRY_SIZES = 6 << 16 | 4 << 20;

    /** CMBSZ.SQS. */
    static final int CMB_SUBMISSION_QUEUES = 1;
    /** CMBMSC.CRE: the registers that describe the controller memory buffer can be read. */
    static final int CMB_REGISTERS = 1;
    /** CMBMSC.CMSE: it stands at the address beside these bits. */
    static final int CMB_PLACED = 1 << 1;
    /** CMBSTS.CBAI. */
    static final int CMB_ADDRESS_INVALID = 1;

    static final int CSTS_READY = 1;
    static final int CSTS_FATAL = 1 << 1;
    static final int CSTS_SHUTDOWN_MASK = 0b11 << 2;
    static final int CSTS_SHUTDOWN_COMPLETE = 0b10 << 2;
    /** What every register of a function that is gone reads as. */
    static final int GONE = -1;

    private Registers() {}

    /** Where the tail doorbell of a submission queue is (section 3.1.24). */
    static long submissionDoorbell(int queue, int strideBytes) {
        return DOORBELLS + 2L * queue * strideBytes;
    }

    /** Where the head doorbell of a completion queue is (section 3.1.25). */
    static long completionDoorbell(int queue, int strideBytes) {
        return DOORBELLS + (2L * queue + 1) * strideBytes;
    }

    /** Whether a controller that was enabled will never answer again: failed, gone, or reset by somebody else. */
    static boolean failed(int csts) {
        return (csts & (CSTS_READY | CSTS_FATAL)) != CSTS_READY;
    }

    static String describeStatus(int csts) {
        if (csts == GONE) {
            return "CSTS reads as all ones: the controller was removed, or its memory decoding is off";
        }
        return "CSTS is " + String.format("0x%x", csts) + ": "
                + ((csts & CSTS_READY) != 0 ? "ready" : "not ready")
                + ((csts & CSTS_FATAL) != 0 ? ", controller fatal status" : "")
                + switch (csts & CSTS_SHUTDOWN_MASK) {
                    case 0 -> "";
                    case 1 << 2 -> ", shutdown under way";
                    default -> ", shut down";
                };
    }
}
