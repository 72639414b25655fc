package io.sluice.cli;

import io.sluice.linux.BlockUse;
import io.sluice.linux.PciDevice;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A drive as {@code sluice list} shows it.
 *
 * @param contents empty when nobody may look
 */
record ListedDrive(PciDevice function, Optional<Contents> contents) {
    /** What a controller says of itself. */
    record Contents(String model, String serial, String firmware, List<Namespace> namespaces) {}

    /** A namespace, with what keeps it busy. */
    record Namespace(String name, long bytes, int blockBytes, List<BlockUse> uses) {}

    void write(JsonWriter json) {
        json.beginObject()
                .field("address", function.address())
                .field("vendor_id", function.vendor())
                .field("device_id", function.device());
        if (function.driver().isPresent()) {
            json.field("driver", function.driver().get());
        } else {
            json.nothing("driver");
        }
        number(json, "iommu_group", function.iommuGroup());
        number(json, "numa_node", function.numaNode());
        contents.ifPresent(known -> write(json, known));
        json.endObject();
    }

    private static void number(JsonWriter json, String name, OptionalInt number) {
        if (number.isPresent()) {
            json.field(name, number.getAsInt());
        } else {
            json.nothing(name);
        }
    }

    private static void write(JsonWriter json, Contents contents) {
        json.field("model", contents.model())
                .field("serial", contents.serial())
                .field("firmware", contents.firmware())
                .beginArray("namespaces");
        for (Namespace namespace : contents.namespaces()) {
            json.beginObject()
                    .field("name", namespace.name())
                    .field("bytes", namespace.bytes())
                    .field("block_bytes", namespace.blockBytes())
                    .beginArray("uses");
            namespace.uses().forEach(use -> json.element(use.toString()));
            json.endArray().endObject();
        }
        json.endArray();
    }
}
