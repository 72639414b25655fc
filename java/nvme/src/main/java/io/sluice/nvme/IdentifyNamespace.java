package io.sluice.nvme;

import java.util.ArrayList;
import java.util.List;

/**
 * What a controller says of a namespace: Identify Namespace data structure (section 5.15.2.1, figure 247).
 *
 * @param namespaceId NSID
 * @param sizeBlocks NSZE, an unsigned number
 * @param capacityBlocks NCAP, an unsigned number
 * @param utilisationBlocks NUSE, an unsigned number
 * @param formats the formats offered
 * @param formatIndex the one in use (FLBAS)
 * @param extendedMetadata whether metadata follows each block in the same buffer (FLBAS bit 4)
 * @param protection DPS bits: end-to-end protection in use
 * @param writeProtected whether the namespace is write-protected (NSATTR bit 0)
 * @param optimalIoBoundaryBlocks NOIOB, blocks, 0 = not said
 * @param preferredWriteBlocks NPWG + 1, blocks, 0 = not said
 * @param atomicWriteBlocks how large a write, wherever it starts, a loss of power leaves all old or all new: NAWUPF + 1, but 1 where there are
 *     boundaries that it must not cross (NABSPF); blocks, 0 = as the controller says
 * @param capacityBytes NVMCAP, bytes, 0 = not said
 * @param guid NGUID in hexadecimal, empty = none
 * @param eui64 EUI64 in hexadecimal, empty = none
 */
public record IdentifyNamespace(
        int namespaceId,
        long sizeBlocks,
        long capacityBlocks,
        long utilisationBlocks,
        List<LbaFormat> formats,
        int formatIndex,
        boolean extendedMetadata,
        int protection,
        boolean writeProtected,
        int optimalIoBoundaryBlocks,
        int preferredWriteBlocks,
        int atomicWriteBlocks,
        long capacityBytes,
        String guid,
        String eui64) {
    static final int BYTES = 4096;

    public IdentifyNamespace {
        formats = List.copyOf(formats);
    }

    static IdentifyNamespace decode(int namespaceId, byte[] bytes) {
        DataStructure data = new DataStructure(bytes);
        int count = Math.min(data.u8(25) + 1, 64);
        List<LbaFormat> formats = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            formats.add(LbaFormat.decode(data.u32(128 + 4 * i)));
        }
        int flbas = data.u8(26);
        // Bits 6:5 extend the index from 2.0 on, where more than 16 formats exist; before that they are reserved.
        int index = (flbas & 0xf) | (count > 16 ? (flbas & 0x60) >>> 1 : 0);
        boolean performanceFields = (data.u8(24) & 1 << 4) != 0;
        return new IdentifyNamespace(
                namespaceId,
                data.u64(0),
                data.u64(8),
                data.u64(16),
                formats,
                index,
                (flbas & 0x10) != 0,
                data.u8(29),
                (data.u8(99) & 1) != 0,
                data.u16(46),
                performanceFields ? data.u16(64) + 1 : 0,
                atomicWriteBlocks(data),
                data.u128(48),
                nonZero(data.hex(104, 16)),
                nonZero(data.hex(120, 8)));
    }

    private static int atomicWriteBlocks(DataStructure data) {
        boolean own = (data.u8(24) & 1 << 1) != 0;
        boolean boundaries = data.u16(44) != 0;
        return boundaries ? 1 : own ? data.u16(36) + 1 : 0;
    }

    private static String nonZero(String hex) {
        return hex.chars().allMatch(c -> c == '0') ? "" : hex;
    }

    /**
     * The format in use, checked.
     *
     * @throws ControllerException when what the controller says cannot be, or is a format that this driver does not read
     */
    LbaFormat checkedFormat(String name) throws ControllerException {
        if (formatIndex >= formats.size()) {
            throw new ControllerException(
                    name, "the format in use is number " + formatIndex + ", but there are " + formats.size());
        }
        LbaFormat format = formats.get(formatIndex);
        if (format.dataShift() < 9 || format.dataShift() > 16) {
            throw new ControllerException(
                    name,
                    "blocks of 2^" + format.dataShift()
                            + " bytes (LBADS): this driver reads blocks of 512 bytes to 64 KiB");
        }
        if (format.metadataBytes() != 0) {
            throw new ControllerException(
                    name,
                    "blocks carry " + format.metadataBytes()
                            + " bytes of metadata, which this driver does not read; format the namespace without (nvme format)");
        }
        if (sizeBlocks <= 0 || sizeBlocks > Long.MAX_VALUE >>> format.dataShift()) {
            throw new ControllerException(
                    name,
                    "its size is " + Long.toUnsignedString(sizeBlocks) + " blocks of " + (1 << format.dataShift())
                            + " bytes (NSZE), which no device has");
        }
        return format;
    }
}
