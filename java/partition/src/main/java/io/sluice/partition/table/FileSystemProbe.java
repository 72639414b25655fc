package io.sluice.partition.table;

import io.sluice.block.BlockSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds out what a partition holds. Writes nothing, and believes no number on the disk that it did not check. */
public final class FileSystemProbe {
    /** Knows one kind, or a family. */
    interface Kind {
        /** What is there; null when it is not of this kind. */
        @Nullable
        FileSystem probe(ByteWindow bytes) throws IOException;
    }

    // Containers first: what they hold begins later, but what was there before they were made may not be wiped.
    private static final List<Kind> KINDS = List.of(
            FileSystemProbe::luks,
            PhysicalVolume::probe,
            FatProbe::probe,
            FileSystemProbe::swap,
            FileSystemProbe::xfs,
            FileSystemProbe::ext,
            NtfsProbe::probe,
            ExfatProbe::probe,
            FileSystemProbe::btrfs);

    /** What marks a file system is within so many bytes from its start. */
    static final int SIGNATURES_BYTES = 68 << 10;

    private static final String LUKS_MAGIC = "LUKS\u00ba\u00be";

    private static final int EXT_AT = 1024;
    private static final int EXT_JOURNAL = 0x4;
    private static final int EXT_JOURNAL_DEVICE = 0x8;
    /** Read-only features of ext2 and ext3: sparse superblocks, large files, directory trees. */
    private static final int EXT3_READ_ONLY = 0x7;
    /** Other features of ext2: file types in directories, meta block groups; ext3 adds the need of recovery. */
    private static final int EXT2_INCOMPATIBLE = 0x12;

    private static final int EXT3_INCOMPATIBLE = EXT2_INCOMPATIBLE | 0x4;

    private static final int SWAP_LEAST_PAGE = 4096;
    private static final int SWAP_MOST_PAGE = 65536;

    private FileSystemProbe() {}

    /**
     * Looks at a partition over a session whose window is the device, by the thread that owns it. Overwrites the session's buffer.
     *
     * @param session no operation is in flight
     * @return empty when nothing is there that is known here
     * @throws IOException when the device cannot be read
     */
    public static Optional<FileSystem> probe(BlockSession session, Partition partition) throws IOException {
        return probe(new SessionBlocks(session.toString(), session), partition.extent());
    }

    static Optional<FileSystem> probe(Blocks blocks, Extent extent) throws IOException {
        ByteWindow bytes = new ByteWindow(blocks, extent);
        for (Kind kind : KINDS) {
            FileSystem found = kind.probe(bytes);
            if (found != null) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    private static @Nullable FileSystem luks(ByteWindow bytes) throws IOException {
        ByteBuffer header = bytes.read(0, 512);
        if (header == null || !ByteWindow.has(header, 0, LUKS_MAGIC)) {
            return null;
        }
        int version = header.order(ByteOrder.BIG_ENDIAN).getShort(6);
        return switch (version) {
            case 1 -> new FileSystem("crypto_LUKS", "1", "", ByteWindow.text(header, 168, 40));
            case 2 ->
                new FileSystem("crypto_LUKS", "2", ByteWindow.text(header, 24, 48), ByteWindow.text(header, 168, 40));
            default -> null;
        };
    }

    private static @Nullable FileSystem swap(ByteWindow bytes) throws IOException {
        for (int page = SWAP_LEAST_PAGE; page <= SWAP_MOST_PAGE; page *= 2) {
            ByteBuffer magic = bytes.read(page - 10, 10);
            ByteBuffer header = bytes.read(1024, 512);
            if (magic == null || header == null || !ByteWindow.has(magic, 0, "SWAPSPACE2")) {
                continue;
            }
            boolean little = header.getInt(0) == 1;
            if ((little || Integer.reverseBytes(header.getInt(0)) == 1) && header.getInt(4) != 0) {
                return new FileSystem("swap", "1", ByteWindow.text(header, 28, 16), uuid(header, 12));
            }
        }
        return null;
    }

    private static @Nullable FileSystem xfs(ByteWindow bytes) throws IOException {
        ByteBuffer header = bytes.read(0, 512);
        if (header == null || !ByteWindow.has(header, 0, "XFSB")) {
            return null;
        }
        int blockBytes = header.order(ByteOrder.BIG_ENDIAN).getInt(4);
        if (blockBytes < 512 || blockBytes > 65536 || Integer.bitCount(blockBytes) != 1 || header.getInt(88) == 0) {
            return null;
        }
        return new FileSystem("xfs", "", ByteWindow.text(header, 108, 12), uuid(header, 32));
    }

    private static @Nullable FileSystem ext(ByteWindow bytes) throws IOException {
        ByteBuffer header = bytes.read(EXT_AT, 1024);
        if (header == null || (header.getShort(0x38) & 0xffff) != 0xef53) {
            return null;
        }
        boolean journal = (header.getInt(0x5c) & EXT_JOURNAL) != 0;
        int incompatible = header.getInt(0x60);
        int readOnly = header.getInt(0x64);
        String type;
        if ((incompatible & EXT_JOURNAL_DEVICE) != 0) {
            type = "jbd";
        } else if ((readOnly & ~EXT3_READ_ONLY) != 0 || (incompatible & ~EXT3_INCOMPATIBLE) != 0) {
            type = "ext4";
        } else if (journal) {
            type = "ext3";
        } else {
            type = (incompatible & ~EXT2_INCOMPATIBLE) == 0 ? "ext2" : "ext4";
        }
        String version = header.getInt(0x4c) + "." + header.getShort(0x3e);
        return new FileSystem(type, version, ByteWindow.text(header, 0x78, 16), uuid(header, 0x68));
    }

    private static @Nullable FileSystem btrfs(ByteWindow bytes) throws IOException {
        ByteBuffer header = bytes.read(65536, 1024);
        if (header == null || !ByteWindow.has(header, 0x40, "_BHRfS_M")) {
            return null;
        }
        return new FileSystem("btrfs", "", ByteWindow.text(header, 0x12b, 0x100), uuid(header, 0x20));
    }

    /** A UUID that is stored in the order in which it is written. */
    static String uuid(ByteBuffer bytes, int at) {
        ByteBuffer view = bytes.duplicate().order(ByteOrder.BIG_ENDIAN);
        UUID uuid = new UUID(view.getLong(at), view.getLong(at + 8));
        return uuid.equals(Guids.ZERO) ? "" : uuid.toString();
    }

    /** A volume's serial number as DOS shows it; empty when it is 0. */
    static String serial(int number) {
        return number == 0 ? "" : String.format(Locale.ROOT, "%04X-%04X", number >>> 16, number & 0xffff);
    }
}
