package io.sluice.emulator;

import io.sluice.pci.DmaMap;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The memory that a command's data pointer describes (sections 4.3, 4.4), as segments in the order of the data; what lies side by side is one segment.
 * Nothing that the host wrote is believed: every address must lie in its memory, every list ends.
 */
final class DataPointer {
    /** Of {@link #piece}: the data goes nowhere (SGL Bit Bucket). */
    static final int NOWHERE = -1;

    private static final int DATA_BLOCK = 0x00;
    private static final int BIT_BUCKET = 0x10;
    private static final int SEGMENT = 0x20;
    private static final int LAST_SEGMENT = 0x30;
    private static final int DESCRIPTOR_BYTES = 16;
    /** More than a transfer of 64 Ki blocks needs; bounds lists that lead in a circle. */
    private static final int MOST_DESCRIPTORS = 1 << 18;

    private final GuestMemory memory;
    private int[] pieces = new int[64];
    private int[] offsets = new int[64];
    private int[] lengths = new int[64];
    private int count;
    private boolean toHost;
    private long missing;
    private int pageShift = 12;

    DataPointer(GuestMemory memory) {
        this.memory = memory;
    }

    /** Size of a page (CC.MPS). */
    void pageShift(int shift) {
        pageShift = shift;
    }

    int pageShift() {
        return pageShift;
    }

    int count() {
        return count;
    }

    /** Which piece of {@link GuestMemory#map} a segment lies in. */
    int piece(int segment) {
        return pieces[segment];
    }

    /** Where in its piece a segment begins, bytes. */
    int offset(int segment) {
        return offsets[segment];
    }

    int length(int segment) {
        return lengths[segment];
    }

    /**
     * Follows the pointer of a command.
     *
     * @param bytes length of the data, at least 1
     * @param toHost whether the data goes to the host, whose memory must then be writeable
     * @return a status
     */
    int follow(Command command, long bytes, boolean toHost) {
        this.count = 0;
        this.toHost = toHost;
        this.missing = bytes;
        return switch (command.dataPointerKind()) {
            case 0 -> followPages(command.pointer1(), command.pointer2());
            case 1, 2 -> followDescriptors(command.pointer1(), command.pointer2());
            default -> Status.INVALID_FIELD;
        };
    }

    private int followPages(long first, long second) {
        long pageMask = (1L << pageShift) - 1;
        if ((first & 3) != 0) {
            return Status.PRP_OFFSET_INVALID;
        }
        int status = add(first, Math.min(missing, (1L << pageShift) - (first & pageMask)));
        if (status != Status.SUCCESS || missing == 0) {
            return status;
        }
        if (missing <= 1L << pageShift) {
            return (second & pageMask) != 0 ? Status.PRP_OFFSET_INVALID : add(second, missing);
        }
        return (second & 7) != 0 ? Status.PRP_OFFSET_INVALID : followList(second);
    }

    private int followList(long list) {
        long pageMask = (1L << pageShift) - 1;
        DmaMap map = memory.map();
        long at = list;
        while (true) {
            int piece = map.find(at);
            // Only as many entries as the list page has from here on, and as are needed.
            long inPage = ((1L << pageShift) - (at & pageMask)) >> 3;
            long needed = (missing + pageMask) >> pageShift;
            int entries = (int) Math.min(inPage, needed);
            if (piece < 0 || map.available(piece, at) < 8 * entries) {
                return Status.DATA_TRANSFER_ERROR;
            }
            ByteBuffer page = map.memory(piece);
            int position = map.position(piece, at);
            boolean goesOn = needed > inPage;
            int pages = goesOn ? entries - 1 : entries;
            for (int i = 0; i < pages; i++) {
                long entry = page.getLong(position + 8 * i);
                if ((entry & pageMask) != 0) {
                    return Status.PRP_OFFSET_INVALID;
                }
                int status = add(entry, Math.min(missing, 1L << pageShift));
                if (status != Status.SUCCESS) {
                    return status;
                }
            }
            if (!goesOn) {
                return Status.SUCCESS;
            }
            at = page.getLong(position + 8 * pages);
            // A list page that follows another begins at its start, so that each turn takes some of the data away.
            if ((at & pageMask) != 0) {
                return Status.PRP_OFFSET_INVALID;
            }
        }
    }

    private int followDescriptors(long firstAddress, long firstTail) {
        int type = (int) (firstTail >>> 56);
        if (type == DATA_BLOCK || type == BIT_BUCKET) {
            int status = addDescriptor(type, firstAddress, firstTail & 0xffff_ffffL);
            return status == Status.SUCCESS && missing > 0 ? Status.SGL_LENGTH_INVALID : status;
        }
        long address = firstAddress;
        long length = firstTail & 0xffff_ffffL;
        DmaMap map = memory.map();
        int examined = 0;
        while (true) {
            if (type != SEGMENT && type != LAST_SEGMENT) {
                return Status.SGL_TYPE_INVALID;
            }
            if (length == 0 || length % DESCRIPTOR_BYTES != 0) {
                return Status.INVALID_SGL_SEGMENT;
            }
            long descriptors = length / DESCRIPTOR_BYTES;
            examined = (int) Math.min(examined + descriptors, Integer.MAX_VALUE);
            if (examined > MOST_DESCRIPTORS) {
                return Status.INVALID_SGL_COUNT;
            }
            int piece = map.find(address);
            if (piece < 0 || map.available(piece, address) < length) {
                return Status.DATA_TRANSFER_ERROR;
            }
            ByteBuffer segment = map.memory(piece);
            int position = map.position(piece, address);
            boolean last = type == LAST_SEGMENT;
            for (long i = 0; i < descriptors; i++) {
                int at = position + (int) i * DESCRIPTOR_BYTES;
                address = segment.getLong(at);
                long tail = segment.getLong(at + 8);
                type = (int) (tail >>> 56);
                length = tail & 0xffff_ffffL;
                boolean pointer = type == SEGMENT || type == LAST_SEGMENT;
                if (pointer != (!last && i == descriptors - 1)) {
                    return pointer || type == DATA_BLOCK || type == BIT_BUCKET
                            ? Status.INVALID_SGL_SEGMENT
                            : Status.SGL_TYPE_INVALID;
                }
                if (!pointer) {
                    int status = addDescriptor(type, address, length);
                    if (status != Status.SUCCESS) {
                        return status;
                    }
                }
            }
            if (last) {
                return missing > 0 ? Status.SGL_LENGTH_INVALID : Status.SUCCESS;
            }
        }
    }

    private int addDescriptor(int type, long address, long length) {
        long used = Math.min(length, missing);
        if (type == DATA_BLOCK) {
            return used == 0 ? Status.SUCCESS : add(address, used);
        }
        if (type != BIT_BUCKET) {
            return Status.SGL_TYPE_INVALID;
        }
        // Where data comes from the host a bit bucket has no length (section 4.4.1).
        while (toHost && used > 0) {
            int part = (int) Math.min(used, 1 << 30);
            append(NOWHERE, 0, part);
            used -= part;
        }
        return Status.SUCCESS;
    }

    /** Adds memory that may reach over several pieces of the map. */
    private int add(long address, long bytes) {
        DmaMap map = memory.map();
        long at = address;
        for (long left = bytes; left > 0; ) {
            int piece = map.find(at);
            if (piece < 0 || (toHost && !map.writeable(piece))) {
                return Status.DATA_TRANSFER_ERROR;
            }
            int part = (int) Math.min(left, map.available(piece, at));
            int position = map.position(piece, at);
            int last = count - 1;
            if (last >= 0 && pieces[last] == piece && offsets[last] + lengths[last] == position) {
                lengths[last] += part;
                missing -= part;
            } else {
                append(piece, position, part);
            }
            left -= part;
            at += part;
        }
        return Status.SUCCESS;
    }

    private void append(int piece, int offset, int length) {
        if (count == pieces.length) {
            pieces = Arrays.copyOf(pieces, 2 * count);
            offsets = Arrays.copyOf(offsets, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
        }
        pieces[count] = piece;
        offsets[count] = offset;
        lengths[count] = length;
        count++;
        missing -= length;
    }

    /**
     * Moves bytes between a buffer of ours and the described memory.
     *
     * @param from how many bytes of the described memory to pass over
     * @param buffer ours; moved are the {@code length} bytes from {@code at} on
     */
    void move(long from, ByteBuffer buffer, int at, int length) {
        long skip = from;
        int done = 0;
        for (int segment = 0; segment < count && done < length; segment++) {
            if (skip >= lengths[segment]) {
                skip -= lengths[segment];
                continue;
            }
            int part = Math.min(length - done, lengths[segment] - (int) skip);
            if (pieces[segment] != NOWHERE) {
                ByteBuffer host = memory.map().memory(pieces[segment]);
                int position = offsets[segment] + (int) skip;
                if (toHost) {
                    host.put(position, buffer, at + done, part);
                } else {
                    buffer.put(at + done, host, position, part);
                }
            }
            skip = 0;
            done += part;
        }
    }
}
