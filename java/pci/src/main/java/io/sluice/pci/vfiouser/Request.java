package io.sluice.pci.vfiouser;

import java.nio.ByteBuffer;

/** A request of the client, without its header and descriptors. What a number means that can be anything is for the server to check. */
sealed interface Request
        permits Version,
                DmaUnmap,
                Request.DmaMap,
                Request.DeviceInfo,
                Request.RegionInfo,
                Request.InterruptInfo,
                Request.SetInterrupts,
                Request.ReadRegion,
                Request.WriteRegion,
                Request.Reset,
                Request.Unsupported {
    Command command();

    /** What stands behind the header, ready to be read. */
    ByteBuffer encode();

    /** Reads what stands behind the header of a request. */
    static Request decode(Command command, ByteBuffer body) throws RefusedException {
        return switch (command) {
            case VERSION -> Version.decode(body);
            case DMA_MAP -> DmaMap.decode(body);
            case DMA_UNMAP -> DmaUnmap.decode(body);
            case DEVICE_GET_INFO -> DeviceInfo.decode(body);
            case DEVICE_GET_REGION_INFO -> RegionInfo.decode(body);
            case DEVICE_GET_IRQ_INFO -> InterruptInfo.decode(body);
            case DEVICE_SET_IRQS -> SetInterrupts.decode(body);
            case REGION_READ -> ReadRegion.decode(body);
            case REGION_WRITE -> WriteRegion.decode(body);
            case DEVICE_RESET -> Reset.decode(body);
            default -> new Unsupported(command);
        };
    }

    /**
     * Lets the device reach memory: that of the descriptor that comes with it; without one, none.
     *
     * @param flags {@link #READABLE}, {@link #WRITEABLE}
     * @param fileOffset where in the descriptor's file the memory begins, bytes, unsigned
     * @param address of the first byte as the device sees it, unsigned
     * @param bytes unsigned
     */
    record DmaMap(int flags, long fileOffset, long address, long bytes) implements Request {
        static final int READABLE = 1;
        static final int WRITEABLE = 1 << 1;

        private static final int BYTES = 32;

        @Override
        public Command command() {
            return Command.DMA_MAP;
        }

        @Override
        public ByteBuffer encode() {
            return Body.allocate(BYTES)
                    .putInt(BYTES)
                    .putInt(flags)
                    .putLong(fileOffset)
                    .putLong(address)
                    .putLong(bytes)
                    .flip();
        }

        static DmaMap decode(ByteBuffer body) throws RefusedException {
            Body.require(body, BYTES, "DMA_MAP");
            Body.requireArgumentSize(body.getInt(), BYTES, "DMA_MAP");
            return new DmaMap(body.getInt(), body.getLong(), body.getLong(), body.getLong());
        }
    }

    /** Asks what the device has. */
    record DeviceInfo() implements Request {
        private static final int BYTES = 16;

        @Override
        public Command command() {
            return Command.DEVICE_GET_INFO;
        }

        @Override
        public ByteBuffer encode() {
            return Body.allocate(BYTES).putInt(0, BYTES);
        }

        static DeviceInfo decode(ByteBuffer body) throws RefusedException {
            Body.require(body, BYTES, "DEVICE_GET_INFO");
            Body.requireArgumentSize(body.getInt(), BYTES, "DEVICE_GET_INFO");
            return new DeviceInfo();
        }
    }

    /**
     * Asks about a region.
     *
     * @param argumentSize most bytes of the reply behind its header, unsigned; with less than the reply's size it comes without its areas
     *     and their descriptor
     */
    record RegionInfo(int argumentSize, int index) implements Request {
        @Override
        public Command command() {
            return Command.DEVICE_GET_REGION_INFO;
        }

        @Override
        public ByteBuffer encode() {
            return Body.allocate(Reply.RegionInfo.FIXED_BYTES)
                    .putInt(0, argumentSize)
                    .putInt(8, index);
        }

        static RegionInfo decode(ByteBuffer body) throws RefusedException {
            Body.require(body, Reply.RegionInfo.FIXED_BYTES, "DEVICE_GET_REGION_INFO");
            int argumentSize = body.getInt();
            Body.requireArgumentSize(argumentSize, Reply.RegionInfo.FIXED_BYTES, "DEVICE_GET_REGION_INFO");
            return new RegionInfo(argumentSize, body.getInt(8));
        }
    }

    /** Asks how many interrupts of a kind there are. */
    record InterruptInfo(int index) implements Request {
        @Override
        public Command command() {
            return Command.DEVICE_GET_IRQ_INFO;
        }

        @Override
        public ByteBuffer encode() {
            return Body.allocate(Reply.InterruptInfo.BYTES)
                    .putInt(0, Reply.InterruptInfo.BYTES)
                    .putInt(8, index);
        }

        static InterruptInfo decode(ByteBuffer body) throws RefusedException {
            Body.require(body, Reply.InterruptInfo.BYTES, "DEVICE_GET_IRQ_INFO");
            Body.requireArgumentSize(body.getInt(), Reply.InterruptInfo.BYTES, "DEVICE_GET_IRQ_INFO");
            return new InterruptInfo(body.getInt(8));
        }
    }

    /**
     * Changes what interrupts do.
     *
     * @param data what it is about
     * @param action what is done
     * @param index the kind of interrupts
     * @param start the first of them, unsigned
     * @param count how many, unsigned
     * @param chosen with {@link Data#BOOLEANS}, for each of them whether it is meant; empty otherwise
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record SetInterrupts(Data data, Action action, int index, int start, int count, byte[] chosen) implements Request {
        /** The numbers of the bits are their places. */
        enum Data {
            /** All of them. */
            NONE,
            /** Those that are chosen. */
            BOOLEANS,
            /** All of them; an event descriptor for each comes with the message, or none for any, which takes them away. */
            EVENTS
        }

        /** The numbers of the bits are their places, from 3 on. */
        enum Action {
            MASK,
            UNMASK,
            TRIGGER
        }

        private static final int FIXED_BYTES = 20;
        private static final int DATA_BITS = 7;
        private static final int ACTION_SHIFT = 3;

        @Override
        public Command command() {
            return Command.DEVICE_SET_IRQS;
        }

        @Override
        public ByteBuffer encode() {
            int bytes = FIXED_BYTES + chosen.length;
            int flags = 1 << data.ordinal() | 1 << (action.ordinal() + ACTION_SHIFT);
            return Body.allocate(bytes)
                    .putInt(bytes)
                    .putInt(flags)
                    .putInt(index)
                    .putInt(start)
                    .putInt(count)
                    .put(chosen)
                    .flip();
        }

        static SetInterrupts decode(ByteBuffer body) throws RefusedException {
            int bytes = body.remaining();
            if (bytes < FIXED_BYTES) {
                Body.require(body, FIXED_BYTES, "DEVICE_SET_IRQS");
            }
            int argumentSize = body.getInt();
            int flags = body.getInt();
            int dataBits = flags & DATA_BITS;
            int actionBits = flags >>> ACTION_SHIFT;
            if (argumentSize != bytes
                    || Integer.bitCount(dataBits) != 1
                    || Integer.bitCount(actionBits) != 1
                    || actionBits > 1 << Action.TRIGGER.ordinal()) {
                throw RefusedException.invalid("DEVICE_SET_IRQS of " + bytes + " bytes has argsz " + argumentSize
                        + " and flags 0x" + Integer.toHexString(flags)
                        + " (expected: its size, one of the flags for data and one for actions)");
            }
            Data data = Data.values()[Integer.numberOfTrailingZeros(dataBits)];
            Action action = Action.values()[Integer.numberOfTrailingZeros(actionBits)];
            int index = body.getInt();
            int start = body.getInt();
            int count = body.getInt();
            byte[] chosen = new byte[body.remaining()];
            body.get(chosen);
            if (data == Data.BOOLEANS ? chosen.length != count : chosen.length != 0) {
                throw RefusedException.invalid("DEVICE_SET_IRQS names " + Integer.toUnsignedString(count)
                        + " interrupts and brings " + chosen.length + " bytes for them");
            }
            return new SetInterrupts(data, action, index, start, count, chosen);
        }
    }

    /**
     * Reads registers.
     *
     * @param offset in the region, bytes, unsigned
     * @param count bytes, unsigned
     */
    record ReadRegion(long offset, int region, int count) implements Request {
        @Override
        public Command command() {
            return Command.REGION_READ;
        }

        @Override
        public ByteBuffer encode() {
            return Body.allocate(Reply.RegionData.FIXED_BYTES)
                    .putLong(offset)
                    .putInt(region)
                    .putInt(count)
                    .flip();
        }

        static ReadRegion decode(ByteBuffer body) throws RefusedException {
            Body.require(body, Reply.RegionData.FIXED_BYTES, "REGION_READ");
            return new ReadRegion(body.getLong(), body.getInt(), body.getInt());
        }
    }

    /**
     * Writes registers.
     *
     * @param offset in the region, bytes, unsigned
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record WriteRegion(long offset, int region, byte[] bytes) implements Request {
        @Override
        public Command command() {
            return Command.REGION_WRITE;
        }

        @Override
        public ByteBuffer encode() {
            return Reply.RegionData.encode(offset, region, bytes);
        }

        static WriteRegion decode(ByteBuffer body) throws RefusedException {
            Reply.RegionData data = Reply.RegionData.decode(body);
            return new WriteRegion(data.offset(), data.region(), data.bytes());
        }
    }

    /** Resets the device. */
    record Reset() implements Request {
        @Override
        public Command command() {
            return Command.DEVICE_RESET;
        }

        @Override
        public ByteBuffer encode() {
            return Body.allocate(0);
        }

        static Reset decode(ByteBuffer body) throws RefusedException {
            Body.require(body, 0, "DEVICE_RESET");
            return new Reset();
        }
    }

    /** One of the requests that no device here grants: descriptors for I/O by the kernel, several writes at once, features, migration. */
    record Unsupported(Command command) implements Request {
        @Override
        public ByteBuffer encode() {
            return Body.allocate(0);
        }
    }
}
