package io.sluice.emulator;

import io.sluice.block.RamDevice;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.SglUse;
import io.sluice.nvme.contract.ControllerLab;
import io.sluice.nvme.contract.Shape;
import io.sluice.nvme.contract.Shape.Space;
import io.sluice.pci.LocalFunction;
import io.sluice.pci.PciFunction;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Controllers that the driver's contracts are tested on. */
enum EmulatedShape {
    BLOCKS_512,
    BLOCKS_4096(stored(1, 4096)),
    TWO_NAMESPACES(stored(1, 512), stored(5, 4096)),
    MDTS_0,
    MDTS_1,
    MDTS_9,
    ONE_QUEUE_PAIR,
    SMALL_QUEUES,
    ONE_VECTOR,
    NO_VECTOR,
    CONTROLLER_MEMORY_BUFFER,
    HUGE(new Space(1, 512, 1L << 53, true), stored(2, 512)),
    SCATTER_GATHER_LISTS,
    DOORBELLS_APART,
    DOORBELL_REGISTERS;

    private static final long BYTES = 64 << 20;
    private static final int PAGE = 4096;

    @SuppressWarnings("ImmutableEnumChecker") // List.of gives unmodifiable ones
    private final List<Space> spaces;

    EmulatedShape(Space... spaces) {
        this.spaces = spaces.length == 0 ? List.of(stored(1, 512)) : List.of(spaces);
    }

    private static Space stored(int id, int blockBytes) {
        return new Space(id, blockBytes, BYTES / blockBytes, true);
    }

    private int maxTransferShift() {
        return switch (this) {
            case MDTS_0 -> 0;
            case MDTS_1 -> 1;
            case MDTS_9 -> 9;
            default -> 7;
        };
    }

    private int vectors() {
        return switch (this) {
            case ONE_VECTOR -> 1;
            case NO_VECTOR -> 0;
            default -> 17;
        };
    }

    private int ioQueuePairs() {
        return this == ONE_QUEUE_PAIR ? 1 : 16;
    }

    private int maxQueueEntries() {
        return this == SMALL_QUEUES ? 8 : 1024;
    }

    EmulatedController build() throws IOException {
        EmulatedController.Builder builder = EmulatedController.builder()
                .name(label())
                .maxTransferShift(maxTransferShift())
                .interruptVectors(vectors())
                .ioQueuePairs(ioQueuePairs())
                .maxQueueEntries(maxQueueEntries())
                .memoryBufferBytes(this == CONTROLLER_MEMORY_BUFFER ? 1 << 20 : 0)
                .doorbellStrideShift(this == DOORBELLS_APART ? 5 : 0);
        for (Space space : spaces) {
            builder.namespace(space.id(), new RamDevice("ram " + space.id(), space.blockBytes(), space.blocks()));
        }
        return builder.build();
    }

    private String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Shape shape() {
        return new Shape(
                label(),
                spaces,
                maxTransferShift() == 0 ? 0 : PAGE << maxTransferShift(),
                1024,
                ioQueuePairs(),
                maxQueueEntries(),
                vectors(),
                ControllerOptions.defaults()
                        .sglUse(this == SCATTER_GATHER_LISTS ? SglUse.ALWAYS : SglUse.WHERE_NEEDED)
                        .memoryBufferQueues(this == CONTROLLER_MEMORY_BUFFER)
                        .shadowDoorbells(this != DOORBELL_REGISTERS));
    }

    /** What is stored stays while a test runs, so that it finds again what it left. */
    record Lab(EmulatedShape model, EmulatedController controller) implements ControllerLab {
        @Override
        public Shape shape() {
            return model.shape();
        }

        @Override
        public PciFunction open() {
            return LocalFunction.connect(controller);
        }

        @Override
        public String toString() {
            return model.label();
        }
    }
}
