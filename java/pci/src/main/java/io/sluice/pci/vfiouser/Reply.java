package io.sluice.pci.vfiouser;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A reply of the server to a request that it granted, without its header and descriptors. */
sealed interface Reply
        permits Version,
                DmaUnmap,
                Reply.Done,
                Reply.DeviceInfo,
                Reply.RegionInfo,
                Reply.InterruptInfo,
                Reply.RegionData,
                Reply.RegionWritten {
    /** What stands behind the header, ready to be read. */
    ByteBuffer encode();

    /** Reads what stands behind the header of a reply. */
    static Reply decode(Command command, ByteBuffer body) throws RefusedException {
        return switch (command) {
            case VERSION -> Version.decode(body);
            case DMA_UNMAP -> DmaUnmap.decode(body);
            case DEVICE_GET_INFO -> DeviceInfo.decode(body);
            case DEVICE_GET_REGION_INFO -> RegionInfo.decode(body);
            case DEVICE_GET_IRQ_INFO -> InterruptInfo.decode(body);
            case REGION_READ -> RegionData.decode(body);
            case REGION_WRITE -> RegionWritten.decode(body);
            default -> Done.decode(body);
        };
    }

    /** It is done, and there is nothing to say about it. */
    record Done() implements Reply {
        @Override
        public ByteBuffer encode() {
            return Body.allocate(0);
        }

        static Done decode(ByteBuffer body) throws RefusedException {
            Body.require(body, 0, "a reply without content");
            return new Done();
        }
    }

    /**
     * What the device has.
     *
     * @param flags {@link #RESETS}, {@link #PCI}
     * @param regions how many kinds of regions, unsigned
     * @param interrupts how many kinds of interrupts, unsigned
     */
    record DeviceInfo(int flags, int regions, int interrupts) implements Reply {
        static final int RESETS = 1;
        static final int PCI = 1 << 1;

        private static final int BYTES = 16;

        @Override
        public ByteBuffer encode() {
            return Body.allocate(BYTES)
                    .putInt(BYTES)
                    .putInt(flags)
                    .putInt(regions)
                    .putInt(interrupts)
                    .flip();
        }

        static DeviceInfo decode(ByteBuffer body) throws RefusedException {
            Body.require(body, BYTES, "device info");
            Body.requireArgumentSize(body.getInt(), BYTES, "device info");
            return new DeviceInfo(body.getInt(), body.getInt(), body.getInt());
        }
    }

    /**
     * What a region is like.
     *
     * @param argumentSize bytes of the whole reply; more than it has when the request left no room for the areas
     * @param flags {@link #READABLE}, {@link #WRITEABLE}, {@link #MAPPABLE}; whether areas follow shows in them
     * @param bytes size of the region, unsigned; 0 when there is no such region
     * @param fileOffset where in the descriptor's file the region begins, unsigned
     * @param areas the parts that can be mapped; none when {@link #MAPPABLE} means the whole
     */
    record RegionInfo(int argumentSize, int flags, int index, long bytes, long fileOffset, List<Area> areas)
            implements Reply {
        static final int READABLE = 1;
        static final int WRITEABLE = 1 << 1;
        static final int MAPPABLE = 1 << 2;
        static final int FIXED_BYTES = 32;

        private static final int CAPABILITIES = 1 << 3;
        private static final int CAPABILITY_HEADER_BYTES = 8;
        private static final int AREAS_HEADER_BYTES = 8;
        private static final int SPARSE_MAPPING = 1;
        private static final int SPARSE_MAPPING_VERSION = 1;

        public RegionInfo {
            areas = List.copyOf(areas);
        }

        /**
         * A part of a region that can be mapped.
         *
         * @param offset in the region, bytes, unsigned
         * @param bytes unsigned
         */
        record Area(long offset, long bytes) {
            private static final int BYTES = 16;
        }

        static RegionInfo of(int flags, int index, long bytes, List<Area> areas) {
            int size = areas.isEmpty()
                    ? FIXED_BYTES
                    : FIXED_BYTES + CAPABILITY_HEADER_BYTES + AREAS_HEADER_BYTES + areas.size() * Area.BYTES;
            return new RegionInfo(size, flags, index, bytes, 0, areas);
        }

        /** The same without the areas, which had no room in the reply: that it has more shows in its argsz alone, as QEMU wants it. */
        RegionInfo withoutAreas() {
            return new RegionInfo(argumentSize, flags, index, bytes, fileOffset, List.of());
        }

        @Override
        public ByteBuffer encode() {
            boolean hasAreas = !areas.isEmpty();
            ByteBuffer body = Body.allocate(hasAreas ? argumentSize : FIXED_BYTES)
                    .putInt(argumentSize)
                    .putInt(hasAreas ? flags | CAPABILITIES : flags)
                    .putInt(index)
                    .putInt(hasAreas ? FIXED_BYTES : 0)
                    .putLong(bytes)
                    .putLong(fileOffset);
            if (hasAreas) {
                body.putShort((short) SPARSE_MAPPING).putShort((short) SPARSE_MAPPING_VERSION);
                body.putInt(0); // No capability follows.
                body.putInt(areas.size()).putInt(0);
                areas.forEach(area -> body.putLong(area.offset).putLong(area.bytes));
            }
            return body.flip();
        }

        static RegionInfo decode(ByteBuffer body) throws RefusedException {
            if (body.remaining() < FIXED_BYTES) {
                Body.require(body, FIXED_BYTES, "region info");
            }
            int argumentSize = body.getInt();
            int flags = body.getInt();
            int index = body.getInt();
            int next = body.getInt();
            long bytes = body.getLong();
            long fileOffset = body.getLong();
            Body.requireArgumentSize(argumentSize, FIXED_BYTES, "region info");
            List<Area> areas = new ArrayList<>();
            if ((flags & CAPABILITIES) != 0) {
                decodeCapabilities(body.slice(0, body.limit()).order(body.order()), next, bytes, areas);
            }
            return new RegionInfo(argumentSize, flags & ~CAPABILITIES, index, bytes, fileOffset, areas);
        }

        /** Walks the chain, each link of which must lie behind the one before. */
        private static void decodeCapabilities(ByteBuffer info, int first, long regionBytes, List<Area> areas)
                throws RefusedException {
            int end = FIXED_BYTES;
            for (int at = first; at != 0; at = info.getInt(at + 4)) {
                if (at < end || at > info.limit() - CAPABILITY_HEADER_BYTES) {
                    throw RefusedException.invalid("region info has a capability at " + Integer.toUnsignedString(at)
                            + ", outside of its " + info.limit() + " bytes or not behind the one before");
                }
                end = at + CAPABILITY_HEADER_BYTES;
                if (info.getShort(at) == SPARSE_MAPPING && info.getShort(at + 2) == SPARSE_MAPPING_VERSION) {
                    end = decodeAreas(info, end, regionBytes, areas);
                }
            }
        }

        private static int decodeAreas(ByteBuffer info, int start, long regionBytes, List<Area> areas)
                throws RefusedException {
            int room = info.limit() - start - AREAS_HEADER_BYTES;
            int count = room < 0 ? -1 : info.getInt(start);
            if (count < 0 || count > room / Area.BYTES) {
                throw RefusedException.invalid("region info has no room for the areas that it announces");
            }
            int at = start + AREAS_HEADER_BYTES;
            for (int i = 0; i < count; i++, at += Area.BYTES) {
                Area area = new Area(info.getLong(at), info.getLong(at + 8));
                if (Long.compareUnsigned(area.offset, regionBytes) > 0
                        || Long.compareUnsigned(area.bytes, regionBytes - area.offset) > 0) {
                    throw RefusedException.invalid("region info has an area outside of the region: " + area);
                }
                if (area.bytes != 0) {
                    areas.add(area);
                }
            }
            return at;
        }
    }

    /**
     * How many interrupts of a kind there are.
     *
     * @param flags {@link #EVENTS} and others that are not used here
     * @param count unsigned
     */
    record InterruptInfo(int flags, int index, int count) implements Reply {
        /** They can be delivered to event descriptors. */
        static final int EVENTS = 1;

        static final int BYTES = 16;

        @Override
        public ByteBuffer encode() {
            return Body.allocate(BYTES)
                    .putInt(BYTES)
                    .putInt(flags)
                    .putInt(index)
                    .putInt(count)
                    .flip();
        }

        static InterruptInfo decode(ByteBuffer body) throws RefusedException {
            Body.require(body, BYTES, "interrupt info");
            Body.requireArgumentSize(body.getInt(), BYTES, "interrupt info");
            return new InterruptInfo(body.getInt(), body.getInt(), body.getInt());
        }
    }

    /** What registers hold. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record RegionData(long offset, int region, byte[] bytes) implements Reply {
        static final int FIXED_BYTES = 16;

        @Override
        public ByteBuffer encode() {
            return encode(offset, region, bytes);
        }

        static ByteBuffer encode(long offset, int region, byte[] bytes) {
            return Body.allocate(FIXED_BYTES + bytes.length)
                    .putLong(offset)
                    .putInt(region)
                    .putInt(bytes.length)
                    .put(bytes)
                    .flip();
        }

        static RegionData decode(ByteBuffer body) throws RefusedException {
            if (body.remaining() < FIXED_BYTES) {
                Body.require(body, FIXED_BYTES, "region data");
            }
            long offset = body.getLong();
            int region = body.getInt();
            int count = body.getInt();
            if (count != body.remaining()) {
                throw RefusedException.invalid(
                        "region data of " + Integer.toUnsignedString(count) + " bytes brings " + body.remaining());
            }
            byte[] bytes = new byte[count];
            body.get(bytes);
            return new RegionData(offset, region, bytes);
        }
    }

    /** Registers were written. */
    record RegionWritten(long offset, int region, int count) implements Reply {
        @Override
        public ByteBuffer encode() {
            return Body.allocate(RegionData.FIXED_BYTES)
                    .putLong(offset)
                    .putInt(region)
                    .putInt(count)
                    .flip();
        }

        static RegionWritten decode(ByteBuffer body) throws RefusedException {
            Body.require(body, RegionData.FIXED_BYTES, "the reply to a write");
            return new RegionWritten(body.getLong(), body.getInt(), body.getInt());
        }
    }
}
