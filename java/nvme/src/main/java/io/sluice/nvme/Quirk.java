package io.sluice.nvme;

import io.sluice.pci.PciFunction;
import io.sluice.pci.RegisterSpace;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What some controllers need beyond, or against, the specification. */
enum Quirk {
    /** Reading CSTS too soon after CC.EN changed hangs the controller; wait 2.3 s first. */
    DELAY_BEFORE_READY,
    /** Write Zeroes is offered, but fails or is slower than writing. */
    NO_WRITE_ZEROES,
    /** Identify knows structures 0 and 1 alone although the version says otherwise. */
    NO_NAMESPACE_LIST,
    /** The pointer at the end of a PRP list's page is taken for data: transfers stay within {@link #UNCHAINED_TRANSFER_BYTES}. */
    NO_CHAINED_LISTS;

    /** 32 pages of 4 KiB: what no list page is too short for, wherever the transfer begins. */
    static final int UNCHAINED_TRANSFER_BYTES = 128 << 10;

    /** Which functions have which, by PCI vendor and device identifier. */
    private static final List<Row> TABLE = List.of(
            new Row(0x1bb1, 0x0100, DELAY_BEFORE_READY), // Seagate Nytro
            new Row(0x1c58, 0x0003, DELAY_BEFORE_READY), // HGST adapter
            new Row(0x1c58, 0x0023, DELAY_BEFORE_READY), // WDC SN200
            new Row(0x1c5f, 0x0540, DELAY_BEFORE_READY), // Memblaze Pblaze4
            new Row(0x144d, 0xa821, DELAY_BEFORE_READY), // Samsung PM1725
            new Row(0x144d, 0xa822, DELAY_BEFORE_READY, NO_WRITE_ZEROES), // Samsung PM1725a
            new Row(0x15b7, 0x2001, NO_WRITE_ZEROES), // SanDisk Skyhawk
            new Row(0x1987, 0x5019, NO_WRITE_ZEROES), // Phison E19
            new Row(0x1987, 0x5021, NO_WRITE_ZEROES), // Phison E21
            new Row(0x1c5c, 0x1504, NO_WRITE_ZEROES), // SK Hynix PC400
            new Row(0x8086, 0xf1a5, NO_WRITE_ZEROES), // Intel 600P
            new Row(0x4e58, 0x0001, NO_CHAINED_LISTS), // SPDK's target over vfio-user
            new Row(0x8086, 0x5845, NO_WRITE_ZEROES, NO_NAMESPACE_LIST)); // QEMU's first controller

    /** The quirks of a function, by the identifiers at the start of its configuration space. */
    static Set<Quirk> of(PciFunction function) {
        RegisterSpace config = function.config();
        int identifiers = config.read32(0);
        return of(identifiers & 0xffff, identifiers >>> 16);
    }

    static Set<Quirk> of(int vendor, int device) {
        EnumSet<Quirk> quirks = EnumSet.noneOf(Quirk.class);
        for (Row row : TABLE) {
            if (row.vendor == vendor && row.device == device) {
                quirks.addAll(List.of(row.quirks));
            }
        }
        return quirks;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Row(int vendor, int device, Quirk... quirks) {}
}
