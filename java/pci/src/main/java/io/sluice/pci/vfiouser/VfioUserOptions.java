package io.sluice.pci.vfiouser;

import io.sluice.linux.PageChoice;
import java.time.Duration;

/**
 * How a function is reached over vfio-user.
 *
 * @param pages what DMA memory of 2 MiB and more is made of; smaller pieces always have plain pages
 * @param maximumInterrupts at most that many MSI-X vectors are offered, 0 to 2048; each costs a descriptor on both sides when enabled
 * @param replyDeadline how long the server may take for a reply, above 0; after that the function counts as gone
 */
public record VfioUserOptions(PageChoice pages, int maximumInterrupts, Duration replyDeadline) {
    private static final int LARGEST_INTERRUPT_COUNT = 2048;

    /** Out of range is refused. */
    public VfioUserOptions {
        if (maximumInterrupts < 0 || maximumInterrupts > LARGEST_INTERRUPT_COUNT) {
            throw new IllegalArgumentException(
                    "maximumInterrupts: " + maximumInterrupts + " (expected: 0 to " + LARGEST_INTERRUPT_COUNT + ")");
        }
        if (replyDeadline.isNegative() || replyDeadline.isZero()) {
            throw new IllegalArgumentException("replyDeadline: " + replyDeadline + " (expected: above 0)");
        }
    }

    /** What suits most: huge pages when free, up to 128 interrupts, ten seconds for a reply. */
    public static VfioUserOptions defaults() {
        return new VfioUserOptions(PageChoice.HUGE_WHEN_FREE, 128, Duration.ofSeconds(10));
    }

    /** The same with other pages. */
    public VfioUserOptions withPages(PageChoice other) {
        return new VfioUserOptions(other, maximumInterrupts, replyDeadline);
    }

    /** The same with another limit of interrupts. */
    public VfioUserOptions withMaximumInterrupts(int count) {
        return new VfioUserOptions(pages, count, replyDeadline);
    }

    /** The same with another deadline for replies. */
    public VfioUserOptions withReplyDeadline(Duration deadline) {
        return new VfioUserOptions(pages, maximumInterrupts, deadline);
    }
}
