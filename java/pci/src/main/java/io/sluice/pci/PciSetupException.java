package io.sluice.pci;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A function cannot be used as things are. The message says what is in the way, of which function, and what to do about it;
 * {@link #problem} says it to programs.
 */
public final class PciSetupException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What is in the way. */
    public enum Problem {
        /** There is no PCI function at that address. */
        NO_SUCH_FUNCTION,
        /** Another driver has the function, or none has. */
        NOT_BOUND,
        /** The kernel has no VFIO, or its modules are not loaded. */
        NO_VFIO,
        /** No IOMMU translates for the function. */
        NO_IOMMU,
        /** A neighbour that cannot be isolated from the function belongs to another driver. */
        GROUP_NOT_VIABLE,
        /** This user may not open a device node. */
        NO_PERMISSION,
        /** The function, or its group, is open in another process or twice in this one. */
        ALREADY_OPEN,
        /** More memory would be locked than RLIMIT_MEMLOCK allows. */
        LOCKED_MEMORY,
        /** No memory is left, or none that is contiguous where there is no IOMMU. */
        NO_MEMORY,
        /** The function has no memory BAR of that number. */
        NO_SUCH_BAR,
        /** The kernel refuses to map a BAR. */
        BAR_NOT_MAPPABLE,
        /** No range of I/O virtual addresses is left that is large enough. */
        NO_ADDRESSES,
        /** The kernel keeps no more mappings for this process. */
        TOO_MANY_MAPPINGS,
        /** The platform has fewer interrupts than were asked for. */
        TOO_FEW_INTERRUPTS,
        /** The platform cannot reset the function alone. */
        NO_RESET,
        /** The kernel refused for a reason that this list does not have; the cause names it. */
        REFUSED
    }

    private final Problem problem;

    /** For implementations of {@link PciFunction}; the message names the function. */
    public PciSetupException(Problem problem, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.problem = problem;
    }

    /** For implementations of {@link PciFunction}; the message names the function. */
    public PciSetupException(Problem problem, String message) {
        this(problem, message, null);
    }

    /** What is in the way. */
    public Problem problem() {
        return problem;
    }
}
