package io.sluice.partition.table;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Types of partitions by the names that people use: short ones such as {@code linux} and {@code efi}, the four hexadecimal digits of {@code sgdisk}, and
 * each table's own notation.
 */
public final class PartitionTypes {
    /**
     * A type that has a name.
     *
     * @param name short, lower case
     * @param code four hexadecimal digits, as sgdisk has them; empty where it has none
     * @param guid of GPT; empty where that has none
     * @param id of MBR; 0 where that has none
     */
    private record Known(String name, String code, String guid, int id) {}

    private static final List<Known> KNOWN = List.of(
            new Known("linux", "8300", "0FC63DAF-8483-4772-8E79-3D69D8477DE4", 0x83),
            new Known("swap", "8200", "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F", 0x82),
            new Known("lvm", "8e00", "E6D6D379-F507-44C2-A23C-238F2A3DF928", 0x8e),
            new Known("raid", "fd00", "A19D880F-05FC-4D3B-A006-743F0F84911E", 0xfd),
            new Known("luks", "8309", "CA7D7CCB-63ED-4C53-861C-1742536059CC", 0xe8),
            new Known("efi", "ef00", "C12A7328-F81F-11D2-BA4B-00A0C93EC93B", 0xef),
            new Known("bios-boot", "ef02", "21686148-6449-6E6F-744E-656564454649", 0),
            new Known("xbootldr", "ea00", "BC13C2FF-59E6-4262-A352-B275FD6F7172", 0xea),
            new Known("home", "8302", "933AC7E1-2EB4-4F13-B844-0E14E2AEF915", 0),
            new Known("srv", "8306", "3B8F8425-20E0-4F3B-907F-1A25A76F98E8", 0),
            new Known("var", "8310", "4D21B016-B534-45C2-A9FB-5C16E091FD2D", 0),
            new Known("tmp", "8311", "7EC6F557-3BC5-4ACA-B293-16EF5DF639D1", 0),
            new Known("root-x86", "8303", "44479540-F297-41B2-9AF7-D131D5F0458A", 0),
            new Known("root-x86-64", "8304", "4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709", 0),
            new Known("root-arm", "8307", "69DAD710-2CE4-4E3C-B16C-21A1D49ABED3", 0),
            new Known("root-arm64", "8305", "B921B045-1DF0-41C3-AF44-4C6F280D3FAE", 0),
            new Known("usr-x86-64", "8314", "8484680C-9521-48C6-9C11-B0720656F69E", 0),
            new Known("dm-crypt", "8308", "7FFEC5C9-2D00-49B7-8941-3EA10A5586B7", 0),
            new Known("linux-reserved", "8301", "8DA63339-0007-60C0-C436-083AC8230908", 0),
            new Known("basic-data", "0700", "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7", 0x07),
            new Known("msr", "0c01", "E3C9E316-0B5C-4DB8-817D-F92DF00215AE", 0),
            new Known("windows-recovery", "2700", "DE94BBA4-06D1-4D40-A16A-BFD50179D6AC", 0x27),
            new Known("windows-ldm", "4200", "AF9B60A0-1431-4F62-BC68-3311714A69AD", 0x42),
            new Known("freebsd-swap", "a502", "516E7CB5-6ECF-11D6-8FF8-00022D09712B", 0),
            new Known("freebsd-ufs", "a503", "516E7CB6-6ECF-11D6-8FF8-00022D09712B", 0),
            new Known("freebsd-zfs", "a504", "516E7CBA-6ECF-11D6-8FF8-00022D09712B", 0),
            new Known("apple-hfs", "af00", "48465300-0000-11AA-AA11-00306543ECAC", 0xaf),
            new Known("apple-apfs", "af0a", "7C3457EF-0000-11AA-AA11-00306543ECAC", 0),
            new Known("zfs", "bf01", "6A898CC3-1DD2-11B2-99A6-080020736631", 0),
            new Known("ceph-osd", "f800", "4FBD7E29-9D25-41B8-AFD0-062C0CEFF05D", 0),
            new Known("vmfs", "fb00", "AA31E02A-400F-11DB-9590-000C2911D1B8", 0xfb),
            new Known("fat12", "", "", 0x01),
            new Known("fat16", "", "", 0x06),
            new Known("fat16-lba", "", "", 0x0e),
            new Known("fat32", "", "", 0x0b),
            new Known("fat32-lba", "", "", 0x0c),
            new Known("extended", "", "", 0x05),
            new Known("extended-lba", "", "", 0x0f),
            new Known("freebsd", "", "", 0xa5),
            new Known("openbsd", "", "", 0xa6),
            new Known("netbsd", "", "", 0xa9));

    private static final Pattern GUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern BYTE = Pattern.compile("(0[xX])?[0-9a-fA-F]{1,2}");
    private static final Pattern CODE = Pattern.compile("[0-9a-fA-F]{4}");

    private PartitionTypes() {}

    /** All short names that a kind of table has, in an order for people. */
    public static List<String> names(TableKind kind) {
        return KNOWN.stream()
                .filter(known -> of(known, kind).isPresent())
                .map(Known::name)
                .toList();
    }

    /**
     * Reads a type. Letters may be of either case.
     *
     * @param kind {@link TableKind#GPT}: a short name, four digits of sgdisk, or a GUID; {@link TableKind#MBR}: a short name, one or two hexadecimal
     *     digits with {@code 0x} before them or without, or four digits of sgdisk that mean a type of MBR
     * @return empty when it is none
     */
    public static Optional<PartitionType> parse(TableKind kind, String text) {
        if (kind == TableKind.GPT && GUID.matcher(text).matches()) {
            UUID guid = UUID.fromString(text);
            return guid.equals(Guids.ZERO) ? Optional.empty() : Optional.of(new PartitionType.Gpt(guid));
        }
        if (kind == TableKind.MBR && BYTE.matcher(text).matches()) {
            int id = Integer.parseInt(text.toLowerCase(Locale.ROOT).replaceFirst("^0x", ""), 16);
            return id == 0 ? Optional.empty() : Optional.of(new PartitionType.Mbr(id));
        }
        boolean code = CODE.matcher(text).matches();
        return KNOWN.stream()
                .filter(known -> (code ? known.code() : known.name()).equalsIgnoreCase(text))
                .findFirst()
                .flatMap(known -> of(known, kind));
    }

    private static Optional<PartitionType> of(Known known, TableKind kind) {
        return switch (kind) {
            case GPT ->
                known.guid().isEmpty()
                        ? Optional.empty()
                        : Optional.of(new PartitionType.Gpt(UUID.fromString(known.guid())));
            case MBR -> known.id() == 0 ? Optional.empty() : Optional.of(new PartitionType.Mbr(known.id()));
            case AHDI, NONE -> Optional.empty();
        };
    }

    /** The short name of a type; empty when it has none. */
    public static String name(PartitionType type) {
        for (TableKind kind : new TableKind[] {TableKind.GPT, TableKind.MBR}) {
            for (Known known : KNOWN) {
                if (of(known, kind).filter(type::equals).isPresent()) {
                    return known.name();
                }
            }
        }
        return "";
    }
}
