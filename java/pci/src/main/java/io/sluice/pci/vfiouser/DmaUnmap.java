package io.sluice.pci.vfiouser;

import java.nio.ByteBuffer;

/**
 * VFIO_USER_DMA_UNMAP, which is the same as a request and as its reply.
 *
 * @param flags {@link #ALL}, or what is refused: {@code VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP}
 * @param address of the first byte as the device sees it, unsigned
 * @param bytes unsigned
 */
record DmaUnmap(int flags, long address, long bytes) implements Request, Reply {
    /** Everything that is mapped; address and size are 0 then. */
    static final int ALL = 1 << 1;

    private static final int BYTES = 24;

    @Override
    public Command command() {
        return Command.DMA_UNMAP;
    }

    @Override
    public ByteBuffer encode() {
        return Body.allocate(BYTES)
                .putInt(BYTES)
                .putInt(flags)
                .putLong(address)
                .putLong(bytes)
                .flip();
    }

    static DmaUnmap decode(ByteBuffer body) throws RefusedException {
        Body.require(body, BYTES, "DMA_UNMAP");
        Body.requireArgumentSize(body.getInt(), BYTES, "DMA_UNMAP");
        return new DmaUnmap(body.getInt(), body.getLong(), body.getLong());
    }
}
