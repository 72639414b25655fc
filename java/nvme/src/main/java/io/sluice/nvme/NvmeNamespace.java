package io.sluice.nvme;

import io.sluice.block.BlockDevice;
import io.sluice.block.Geometry;
import io.sluice.block.IoBoundary;
import io.sluice.block.SessionOptions;
import io.sluice.block.driver.SyncFailure;
import java.io.IOException;

/** A namespace of a controller as a block device. Each session is an I/O queue pair of the controller. Any thread. */
public final class NvmeNamespace implements BlockDevice {
    /** NLB is a 16-bit number of blocks less one. */
    private static final int MAX_BLOCKS = 1 << 16;
    /** The length of a Dataset Management range is a 32-bit number of blocks. */
    private static final long MAX_TRIM_BLOCKS = (1L << 32) - 1;
    /** PRP entries and SGL addresses of memory are multiples of a doubleword. */
    private static final int ALIGNMENT = 4;

    private final NvmeController controller;
    private final IdentifyNamespace identify;
    private final String name;
    private final Geometry geometry;
    /** Shared with every other object for the namespace. */
    private final SyncFailure syncFailure;

    NvmeNamespace(NvmeController controller, IdentifyNamespace identify, boolean noWriteZeroes)
            throws ControllerException {
        this.controller = controller;
        this.identify = identify;
        this.syncFailure = controller.syncFailure(identify.namespaceId());
        this.name = controller.name() + "/n" + Integer.toUnsignedString(identify.namespaceId());
        LbaFormat format = identify.checkedFormat(name);
        int maxTransferBlocks = controller.maxTransfer() >> format.dataShift();
        if (maxTransferBlocks == 0) {
            throw new ControllerException(
                    name,
                    "its blocks of " + (1 << format.dataShift())
                            + " bytes are larger than the controller's largest transfer of "
                            + controller.maxTransfer());
        }
        Geometry plain = new Geometry(
                1 << format.dataShift(),
                identify.sizeBlocks(),
                !identify.writeProtected(),
                ALIGNMENT,
                Math.min(maxTransferBlocks, MAX_BLOCKS),
                controller.identify().datasetManagement() ? MAX_TRIM_BLOCKS : 0,
                controller.identify().writeZeroes() && !noWriteZeroes ? MAX_BLOCKS : 0,
                controller.identify().volatileWriteCache());
        this.geometry = plain.boundary(IoBoundary.every(identify.optimalIoBoundaryBlocks()))
                .writeBlocks(
                        identify.atomicWriteBlocks() > 0
                                ? identify.atomicWriteBlocks()
                                : controller.identify().atomicWriteBlocks(),
                        Math.max(1, identify.preferredWriteBlocks()));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Geometry geometry() {
        return geometry;
    }

    /** What the controller says of the namespace, as read when this object was made. */
    public IdentifyNamespace identify() {
        return identify;
    }

    /**
     * Opens a session: an I/O queue pair and its memory.
     *
     * @throws io.sluice.block.BlockIoException when the window does not lie within the namespace, it is write-protected and writing
     *     was asked for, or all queue pairs are taken
     */
    @Override
    public NvmeSession open(SessionOptions options) throws IOException {
        return controller.openSession(this, options);
    }

    /** Queue pairs that no session has; all namespaces of the controller share them. */
    @Override
    public int sessionsLeft() {
        return controller.queuesLeft();
    }

    @Override
    public void acknowledgeDataLoss() {
        syncFailure.acknowledge();
    }

    SyncFailure syncFailure() {
        return syncFailure;
    }

    NvmeController controller() {
        return controller;
    }

    /** Closes the sessions that were opened through this object; the controller stays open. */
    @Override
    public void close() throws IOException {
        controller.closeSessions(this);
    }

    @Override
    public String toString() {
        return name + " " + geometry.blockCount() + " blocks of " + geometry.blockBytes() + " bytes";
    }
}
