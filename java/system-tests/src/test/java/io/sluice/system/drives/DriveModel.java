package io.sluice.system.drives;

import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.SglUse;
import io.sluice.nvme.contract.Shape;
import io.sluice.nvme.contract.Shape.Space;
import io.sluice.system.engine.LabDirectory;
import io.sluice.system.engine.Qemu;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A controller that QEMU can be told to build. */
public enum DriveModel {
    /** As QEMU builds it when told nothing. */
    BLOCKS_512(""),
    BLOCKS_4096("", stored(1, 4096)),
    /** Identifiers with a gap, and different blocks. */
    TWO_NAMESPACES("", stored(1, 512), stored(5, 4096)),
    /** No limit for a transfer. */
    MDTS_0("mdts=0"),
    MDTS_1("mdts=1"),
    /** 2 MiB, the most that every QEMU takes: the driver chains its PRP lists from 1 MiB on. */
    MDTS_9("mdts=9"),
    ONE_QUEUE_PAIR("max_ioqpairs=1"),
    /** Queues of eight entries. */
    SMALL_QUEUES("mqes=7"),
    ONE_VECTOR("msix_qsize=1"),
    CONTROLLER_MEMORY_BUFFER("cmb_size_mb=16"),
    /** 2^62 bytes: what is counted in 32 bits somewhere, or multiplied carelessly, shows. */
    HUGE("", new Space(1, 512, 1L << 53, false), stored(2, 512)),
    SCATTER_GATHER_LISTS(""),
    /** Without shadow doorbells, which every QEMU offers. */
    DOORBELL_REGISTERS("");

    private static final int IMAGE_BYTES = 64 << 20;
    private static final int PAGE = 4096;
    /** QEMU maps each page for itself, IOV_MAX of them, and answers Internal Error to more. */
    private static final int MOST_PAGES = 1024;

    private final String properties;

    @SuppressWarnings("ImmutableEnumChecker") // List.of gives unmodifiable ones
    private final List<Space> spaces;

    DriveModel(String properties, Space... spaces) {
        this.properties = properties;
        this.spaces = spaces.length == 0 ? List.of(stored(1, 512)) : List.of(spaces);
    }

    private static Space stored(int id, int blockBytes) {
        return new Space(id, blockBytes, IMAGE_BYTES / blockBytes, true);
    }

    /** Name for tests and images: {@code two-namespaces}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Why a QEMU cannot build this model; empty when it can. */
    public Optional<String> impossibleWith(Qemu qemu) {
        if (this == SMALL_QUEUES && !qemu.controllerProperties().contains("mqes")) {
            return Optional.of(
                    "QEMU " + qemu.version() + " has no property mqes of its controller; 9.2 is the first that has");
        }
        if (this == MDTS_0 && !qemu.unlimitedTransfers()) {
            return Optional.of("QEMU " + qemu.version() + " refuses a controller without a largest transfer (mdts=0)");
        }
        return Optional.empty();
    }

    /**
     * What the driver is to find.
     *
     * @param interrupts whether the lab lets interrupts through
     */
    public Shape shape(boolean interrupts) {
        return new Shape(
                label(),
                spaces,
                switch (this) {
                    case MDTS_0 -> 0;
                    case MDTS_1 -> PAGE << 1;
                    case MDTS_9 -> PAGE << 9;
                    default -> PAGE << 7;
                },
                MOST_PAGES,
                this == ONE_QUEUE_PAIR ? 1 : 64,
                this == SMALL_QUEUES ? 8 : 2048,
                !interrupts ? 0 : this == ONE_VECTOR ? 1 : 65,
                ControllerOptions.defaults()
                        .sglUse(this == SCATTER_GATHER_LISTS ? SglUse.ALWAYS : SglUse.WHERE_NEEDED)
                        .memoryBufferQueues(this == CONTROLLER_MEMORY_BUFFER)
                        .shadowDoorbells(this != DOORBELL_REGISTERS));
    }

    /**
     * QEMU's arguments for the controller as a device of bus 0.
     *
     * @param directory where its images go
     * @param device device number, 1 to 31
     */
    public List<String> arguments(LabDirectory directory, int device) throws IOException {
        String id = "n" + device;
        List<String> arguments = new ArrayList<>();
        arguments.add("-device");
        // The kernel refuses a second controller with the same serial number: it takes both for one subsystem.
        arguments.add(String.format("nvme,id=%s,serial=sluice-%s,addr=%02x.0", id, id, device)
                + (properties.isEmpty() ? "" : "," + properties));
        for (Space space : spaces) {
            String drive = id + "d" + space.id();
            arguments.add("-drive");
            arguments.add(
                    space.keepsData()
                            ? "if=none,format=raw,id=" + drive + ",file=" + directory.image(drive + ".img", IMAGE_BYTES)
                            : "if=none,driver=null-co,read-zeroes=on,id=" + drive + ",size="
                                    + space.blocks() * space.blockBytes());
            arguments.add("-device");
            arguments.add("nvme-ns,bus=" + id + ",drive=" + drive + ",nsid=" + space.id() + ",logical_block_size="
                    + space.blockBytes() + ",physical_block_size=" + space.blockBytes());
        }
        return arguments;
    }
}
