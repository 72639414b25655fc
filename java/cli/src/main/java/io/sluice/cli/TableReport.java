package io.sluice.cli;

import io.sluice.cli.Table.Column;
import io.sluice.partition.table.ExtendedPartition;
import io.sluice.partition.table.FileSystem;
import io.sluice.partition.table.Finding;
import io.sluice.partition.table.Partition;
import io.sluice.partition.table.PartitionTable;
import io.sluice.partition.table.PartitionTypes;
import io.sluice.partition.table.TableKind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A partition table for people and for machines.
 *
 * @param fileSystems by the number of the partition, where one is known
 */
record TableReport(PartitionTable table, Map<Integer, FileSystem> fileSystems) {
    private static final List<Column> COLUMNS = List.of(
            Column.right("NUMBER", 0),
            Column.right("START", 0),
            Column.right("LENGTH", 0),
            Column.right("SIZE", 0),
            Column.left("TYPE", 0),
            Column.left("NAME", 0),
            Column.left("FILE SYSTEM", 0),
            Column.right("FREE AFTER", 0),
            Column.left("GUID", 0));
    private static final String NOTHING = "-";

    /** The table, each partition a row, also the one that holds the logical ones. */
    String text() {
        return title()
                + Table.of(COLUMNS, table.withExtended().stream().map(this::row).toList());
    }

    private String title() {
        String kind = table.kind() == TableKind.NONE
                ? "no partition table"
                : table.kind().name();
        return table.device() + ": " + kind + (table.id().isEmpty() ? "" : " " + table.id()) + ", "
                + Decimals.grouped(table.blockCount()) + " blocks of " + table.blockBytes() + " bytes ("
                + HumanSize.binary(bytes(table.blockCount())) + ")\n";
    }

    private List<String> row(Partition partition) {
        return List.of(
                Integer.toString(partition.number()),
                Long.toString(partition.firstBlock()),
                Long.toString(partition.blockCount()),
                HumanSize.binary(bytes(partition.blockCount())),
                orNothing(type(partition)),
                orNothing(partition.name()),
                fileSystem(fileSystems.get(partition.number())),
                Long.toString(table.freeAfter(partition)),
                orNothing(guid(partition)));
    }

    private static String fileSystem(@Nullable FileSystem found) {
        if (found == null) {
            return NOTHING;
        }
        String shown = found.type().equals("vfat") ? found.version() : found.type();
        return found.label().isEmpty() ? shown : shown + " '" + found.label() + "'";
    }

    /** What a type is called, by name where it has one. */
    static String type(Partition partition) {
        String name = PartitionTypes.name(partition.type());
        return name.isEmpty() ? partition.type().code() : name;
    }

    /** A partition in a line of its own. */
    static String sentence(PartitionTable table, Partition partition) {
        long bytes = partition.blockCount() * table.blockBytes();
        return "partition " + partition.number() + ": " + partition.blockCount() + " blocks at "
                + partition.firstBlock() + " (" + HumanSize.binary(bytes) + "), " + type(partition)
                + (partition.name().isEmpty() ? "" : ", '" + partition.name() + "'");
    }

    private static String guid(Partition partition) {
        return partition.guid() == null ? "" : partition.guid().toString().toUpperCase(Locale.ROOT);
    }

    private static String orNothing(String text) {
        return text.isEmpty() ? NOTHING : text;
    }

    private long bytes(long blocks) {
        return blocks * table.blockBytes();
    }

    /** The same, and more, as JSON. */
    String json() {
        JsonWriter json = new JsonWriter().beginObject();
        json.field("device", table.device());
        json.field("table", table.kind().name().toLowerCase(Locale.ROOT));
        optional(json, "id", table.id());
        json.field("block_bytes", table.blockBytes());
        json.field("blocks", table.blockCount());
        json.field("first_usable", table.usable().firstBlock());
        json.field("last_usable", table.usable().lastBlock());
        ExtendedPartition extended = table.extended();
        if (extended == null) {
            json.nothing("extended");
        } else {
            writePlace(json.beginObject("extended"), extended.partition());
            json.endObject();
        }
        json.beginArray("partitions");
        table.partitions().forEach(partition -> write(json, partition));
        json.endArray().beginArray("findings");
        table.findings().forEach(finding -> write(json, finding));
        return json.endArray().endObject().toString();
    }

    private void write(JsonWriter json, Partition partition) {
        writePlace(json.beginObject(), partition);
        optional(json, "guid", guid(partition));
        optional(json, "name", partition.name());
        json.field("attributes", "0x" + Long.toHexString(partition.attributes()));
        FileSystem found = fileSystems.get(partition.number());
        if (found == null) {
            json.nothing("file_system");
        } else {
            json.beginObject("file_system").field("type", found.type());
            optional(json, "version", found.version());
            optional(json, "label", found.label());
            optional(json, "uuid", found.uuid());
            json.endObject();
        }
        json.endObject();
    }

    private void writePlace(JsonWriter json, Partition partition) {
        json.field("number", partition.number());
        json.field("start", partition.firstBlock());
        json.field("length", partition.blockCount());
        json.field("block_bytes", table.blockBytes());
        json.field("bytes", bytes(partition.blockCount()));
        json.field("free_after", table.freeAfter(partition));
        optional(json, "type", partition.type().code());
        optional(json, "type_name", PartitionTypes.name(partition.type()));
    }

    private static void write(JsonWriter json, Finding finding) {
        json.beginObject();
        json.field("problem", finding.problem().name().toLowerCase(Locale.ROOT));
        json.field("damage", finding.problem().isDamage());
        json.field("text", finding.text()).endObject();
    }

    private static void optional(JsonWriter json, String name, String value) {
        if (value.isEmpty()) {
            json.nothing(name);
        } else {
            json.field(name, value);
        }
    }
}
