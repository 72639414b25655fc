package io.sluice.system.vfiouser;

import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.contract.Shape;
import io.sluice.nvme.contract.Shape.Space;
import java.util.List;
import java.util.Locale;

/** Controllers that the driver's contracts are tested on. */
enum ServedModel {
    BLOCKS_512,
    BLOCKS_4096(new Space(1, 4096, ServedModel.BYTES / 4096, true)),
    TWO_NAMESPACES(
            new Space(1, 512, ServedModel.BYTES / 512, true), new Space(2, 4096, ServedModel.BYTES / 4096, true)),
    MDTS_1,
    MDTS_9,
    ONE_QUEUE_PAIR,
    SMALL_QUEUES,
    NO_VECTOR,
    CONTROLLER_MEMORY_BUFFER;

    static final long BYTES = 64 << 20;

    private static final int PAGE = 4096;

    @SuppressWarnings("ImmutableEnumChecker") // List.of gives unmodifiable ones
    private final List<Space> spaces;

    ServedModel(Space... spaces) {
        this.spaces = spaces.length == 0 ? List.of(new Space(1, 512, ServedModel.BYTES / 512, true)) : List.of(spaces);
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** As {@code sluice emulate} takes them. */
    String parameters() {
        StringBuilder text = new StringBuilder("queues=" + ioQueuePairs() + ",vectors=" + vectors() + ",mdts="
                + maxTransferShift() + ",entries=" + maxQueueEntries()
                + (this == CONTROLLER_MEMORY_BUFFER ? ",cmb=1M" : "") + ",");
        for (Space space : spaces) {
            text.append(space.id() == 1 ? "" : "+")
                    .append("size=")
                    .append(space.blocks() * space.blockBytes())
                    .append(",block=")
                    .append(space.blockBytes());
        }
        return text.toString();
    }

    private int maxTransferShift() {
        return switch (this) {
            case MDTS_1 -> 1;
            case MDTS_9 -> 9;
            default -> 7;
        };
    }

    private int vectors() {
        return this == NO_VECTOR ? 0 : 17;
    }

    private int ioQueuePairs() {
        return this == ONE_QUEUE_PAIR ? 1 : 16;
    }

    private int maxQueueEntries() {
        return this == SMALL_QUEUES ? 8 : 1024;
    }

    Shape shape() {
        return new Shape(
                label(),
                spaces,
                PAGE << maxTransferShift(),
                1024,
                ioQueuePairs(),
                maxQueueEntries(),
                vectors(),
                ControllerOptions.defaults());
    }
}
