package io.sluice.nvme;

import java.io.Serializable;
import java.util.Map;

/**
 * Status of a completed command: the Status field of a completion queue entry without its phase bit (section 4.6.1).
 *
 * @param type SCT: 0 generic, 1 command specific, 2 media and data integrity, 3 path, 7 vendor
 * @param code SC
 * @param more whether the error log tells more (M)
 * @param doNotRetry whether the same command would fail again (DNR)
 */
public record Status(int type, int code, boolean more, boolean doNotRetry) implements Serializable {
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(0x000, "Successful Completion"),
            Map.entry(0x001, "Invalid Command Opcode"),
            Map.entry(0x002, "Invalid Field in Command"),
            Map.entry(0x003, "Command ID Conflict"),
            Map.entry(0x004, "Data Transfer Error"),
            Map.entry(0x005, "Commands Aborted due to Power Loss Notification"),
            Map.entry(0x006, "Internal Error"),
            Map.entry(0x007, "Command Abort Requested"),
            Map.entry(0x008, "Command Aborted due to SQ Deletion"),
            Map.entry(0x009, "Command Aborted due to Failed Fused Command"),
            Map.entry(0x00a, "Command Aborted due to Missing Fused Command"),
            Map.entry(0x00b, "Invalid Namespace or Format"),
            Map.entry(0x00c, "Command Sequence Error"),
            Map.entry(0x00d, "Invalid SGL Segment Descriptor"),
            Map.entry(0x00e, "Invalid Number of SGL Descriptors"),
            Map.entry(0x00f, "Data SGL Length Invalid"),
            Map.entry(0x010, "Metadata SGL Length Invalid"),
            Map.entry(0x011, "SGL Descriptor Type Invalid"),
            Map.entry(0x012, "Invalid Use of Controller Memory Buffer"),
            Map.entry(0x013, "PRP Offset Invalid"),
            Map.entry(0x014, "Atomic Write Unit Exceeded"),
            Map.entry(0x015, "Operation Denied"),
            Map.entry(0x016, "SGL Offset Invalid"),
            Map.entry(0x018, "Host Identifier Inconsistent Format"),
            Map.entry(0x019, "Keep Alive Timer Expired"),
            Map.entry(0x01a, "Keep Alive Timeout Invalid"),
            Map.entry(0x01b, "Command Aborted due to Preempt and Abort"),
            Map.entry(0x01c, "Sanitize Failed"),
            Map.entry(0x01d, "Sanitize In Progress"),
            Map.entry(0x01e, "SGL Data Block Granularity Invalid"),
            Map.entry(0x01f, "Command Not Supported for Queue in CMB"),
            Map.entry(0x020, "Namespace is Write Protected"),
            Map.entry(0x021, "Command Interrupted"),
            Map.entry(0x022, "Transient Transport Error"),
            Map.entry(0x080, "LBA Out of Range"),
            Map.entry(0x081, "Capacity Exceeded"),
            Map.entry(0x082, "Namespace Not Ready"),
            Map.entry(0x083, "Reservation Conflict"),
            Map.entry(0x084, "Format In Progress"),
            Map.entry(0x100, "Completion Queue Invalid"),
            Map.entry(0x101, "Invalid Queue Identifier"),
            Map.entry(0x102, "Invalid Queue Size"),
            Map.entry(0x103, "Abort Command Limit Exceeded"),
            Map.entry(0x105, "Asynchronous Event Request Limit Exceeded"),
            Map.entry(0x106, "Invalid Firmware Slot"),
            Map.entry(0x107, "Invalid Firmware Image"),
            Map.entry(0x108, "Invalid Interrupt Vector"),
            Map.entry(0x109, "Invalid Log Page"),
            Map.entry(0x10a, "Invalid Format"),
            Map.entry(0x10b, "Firmware Activation Requires Conventional Reset"),
            Map.entry(0x10c, "Invalid Queue Deletion"),
            Map.entry(0x10d, "Feature Identifier Not Saveable"),
            Map.entry(0x10e, "Feature Not Changeable"),
            Map.entry(0x10f, "Feature Not Namespace Specific"),
            Map.entry(0x110, "Firmware Activation Requires NVM Subsystem Reset"),
            Map.entry(0x111, "Firmware Activation Requires Controller Level Reset"),
            Map.entry(0x112, "Firmware Activation Requires Maximum Time Violation"),
            Map.entry(0x113, "Firmware Activation Prohibited"),
            Map.entry(0x114, "Overlapping Range"),
            Map.entry(0x115, "Namespace Insufficient Capacity"),
            Map.entry(0x116, "Namespace Identifier Unavailable"),
            Map.entry(0x118, "Namespace Already Attached"),
            Map.entry(0x119, "Namespace Is Private"),
            Map.entry(0x11a, "Namespace Not Attached"),
            Map.entry(0x11b, "Thin Provisioning Not Supported"),
            Map.entry(0x11c, "Controller List Invalid"),
            Map.entry(0x11d, "Device Self-test In Progress"),
            Map.entry(0x11e, "Boot Partition Write Prohibited"),
            Map.entry(0x11f, "Invalid Controller Identifier"),
            Map.entry(0x120, "Invalid Secondary Controller State"),
            Map.entry(0x121, "Invalid Number of Controller Resources"),
            Map.entry(0x122, "Invalid Resource Identifier"),
            Map.entry(0x180, "Conflicting Attributes"),
            Map.entry(0x181, "Invalid Protection Information"),
            Map.entry(0x182, "Attempted Write to Read Only Range"),
            Map.entry(0x280, "Write Fault"),
            Map.entry(0x281, "Unrecovered Read Error"),
            Map.entry(0x282, "End-to-end Guard Check Error"),
            Map.entry(0x283, "End-to-end Application Tag Check Error"),
            Map.entry(0x284, "End-to-end Reference Tag Check Error"),
            Map.entry(0x285, "Compare Failure"),
            Map.entry(0x286, "Access Denied"),
            Map.entry(0x287, "Deallocated or Unwritten Logical Block"),
            Map.entry(0x300, "Internal Path Error"),
            Map.entry(0x301, "Asymmetric Access Persistent Loss"),
            Map.entry(0x302, "Asymmetric Access Inaccessible"),
            Map.entry(0x303, "Asymmetric Access Transition"),
            Map.entry(0x360, "Controller Pathing Error"),
            Map.entry(0x370, "Host Pathing Error"),
            Map.entry(0x371, "Command Aborted By Host"));

    /** Decodes the 15 bits above the phase bit; 0 is success. */
    static Status of(int field) {
        return new Status(field >>> 8 & 7, field & 0xff, (field & 0x2000) != 0, (field & 0x4000) != 0);
    }

    /** The name that the specification gives. */
    public String name() {
        String name = NAMES.get(type << 8 | code);
        if (name != null) {
            return name;
        }
        return type == 7 || code >= 0xc0 ? "Vendor Specific" : "Reserved";
    }

    /** Name, numbers and what they imply: {@code Unrecovered Read Error (2h/81h)}. */
    @Override
    public String toString() {
        return String.format("%s (%xh/%02xh%s)", name(), type, code, doNotRetry ? ", do not retry" : "");
    }
}
