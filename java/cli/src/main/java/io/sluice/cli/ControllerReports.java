package io.sluice.cli;

import io.sluice.nvme.Capabilities;
import io.sluice.nvme.ErrorLogEntry;
import io.sluice.nvme.FirmwareLog;
import io.sluice.nvme.IdentifyController;
import io.sluice.nvme.IdentifyNamespace;
import io.sluice.nvme.LbaFormat;
import io.sluice.nvme.SmartLog;
import java.util.List;

/** What a controller says, in words. The keys of the JSON form are the names of the record components. */
final class ControllerReports {
    private static final long SMART_UNIT_BYTES = 512_000;
    private static final int KELVIN = 273;
    private static final List<String> WARNINGS = List.of(
            "spare blocks low", "temperature", "reliability degraded", "read-only", "volatile memory backup failed");

    private ControllerReports() {}

    static Report controller(IdentifyController identify, Capabilities capabilities, int ioQueuePairs) {
        int transferShift = identify.maxTransferShift();
        int pageShift = capabilities.minPageShift();
        long transfer = transferShift == 0 || transferShift + pageShift > 62 ? 0 : 1L << (transferShift + pageShift);
        return new Report()
                .fact("model", "Model", identify.modelNumber())
                .fact("serial", "Serial number", identify.serialNumber())
                .fact("firmware", "Firmware", identify.firmwareRevision())
                .fact("vendor_id", "PCI vendor", identify.vendorId(), hex(identify.vendorId(), 4))
                .fact(
                        "subsystem_vendor_id",
                        "PCI subsystem vendor",
                        identify.subsystemVendorId(),
                        hex(identify.subsystemVendorId(), 4))
                .fact("subsystem_name", "Subsystem name", identify.subsystemName())
                .fact("nvme_version", "NVMe version", capabilities.versionText())
                .fact("controller_id", "Controller id", identify.controllerId())
                .fact(
                        "capacity_bytes",
                        "Capacity",
                        identify.totalCapacityBytes(),
                        sizeOrUnsaid(identify.totalCapacityBytes()))
                .fact("largest_namespace_id", "Largest namespace id", identify.namespaceCount())
                .fact(
                        "max_transfer_bytes",
                        "Largest transfer",
                        transfer,
                        transfer == 0 ? "no limit" : HumanSize.binary(transfer))
                .fact(
                        "max_queue_entries",
                        "Largest queue",
                        capabilities.maxQueueEntries(),
                        capabilities.maxQueueEntries() + " entries")
                .fact("io_queue_pairs", "I/O queue pairs granted", ioQueuePairs)
                .fact(
                        "doorbell_stride_bytes",
                        "Doorbell stride",
                        capabilities.doorbellStrideBytes(),
                        capabilities.doorbellStrideBytes() + " bytes")
                .fact(
                        "ready_timeout_ms",
                        "Ready timeout",
                        capabilities.readyTimeoutMillis(),
                        capabilities.readyTimeoutMillis() + " ms")
                .fact("volatile_write_cache", "Volatile write cache", identify.volatileWriteCache())
                .fact("trim", "Trim (deallocate)", identify.datasetManagement())
                .fact("write_zeroes", "Write zeroes", identify.writeZeroes())
                .fact("sgl", "Scatter-gather lists", identify.scatterGatherLists())
                .fact("namespace_management", "Namespace management", identify.namespaceManagement())
                .fact("error_log_entries", "Error log entries", identify.errorLogEntries())
                .fact(
                        "warning_temperature_k",
                        "Warning temperature",
                        identify.warningTemperature(),
                        celsius(identify.warningTemperature()))
                .fact(
                        "critical_temperature_k",
                        "Critical temperature",
                        identify.criticalTemperature(),
                        celsius(identify.criticalTemperature()));
    }

    static Report namespace(IdentifyNamespace identify) {
        Report report = new Report()
                .fact(
                        "namespace_id",
                        "Namespace",
                        identify.namespaceId(),
                        Integer.toUnsignedString(identify.namespaceId()));
        int index = identify.formatIndex();
        if (index < identify.formats().size()) {
            LbaFormat format = identify.formats().get(index);
            int blockBytes = 1 << format.dataShift();
            report.fact("size_blocks", "Size", identify.sizeBlocks(), blocks(identify.sizeBlocks(), blockBytes))
                    .fact(
                            "capacity_blocks",
                            "Capacity",
                            identify.capacityBlocks(),
                            blocks(identify.capacityBlocks(), blockBytes))
                    .fact(
                            "used_blocks",
                            "In use",
                            identify.utilisationBlocks(),
                            blocks(identify.utilisationBlocks(), blockBytes))
                    .fact("block_bytes", "Block size", blockBytes, blockBytes + " bytes")
                    .fact(
                            "metadata_bytes",
                            "Metadata of a block",
                            format.metadataBytes(),
                            format.metadataBytes() + " bytes");
        }
        return report.fact(
                        "format_index",
                        "Format in use",
                        index,
                        index + " of " + identify.formats().size())
                .fact("write_protected", "Write-protected", identify.writeProtected())
                .fact(
                        "optimal_boundary_blocks",
                        "Optimal I/O boundary",
                        identify.optimalIoBoundaryBlocks(),
                        identify.optimalIoBoundaryBlocks() == 0
                                ? "not said"
                                : identify.optimalIoBoundaryBlocks() + " blocks")
                .fact("guid", "GUID (NGUID)", identify.guid())
                .fact("eui64", "EUI-64", identify.eui64());
    }

    static Report smart(SmartLog log) {
        return new Report()
                .fact("critical_warning", "Critical warning", log.criticalWarning(), warnings(log.criticalWarning()))
                .fact("temperature_k", "Temperature", log.temperatureKelvin(), celsius(log.temperatureKelvin()))
                .fact(
                        "available_spare_percent",
                        "Spare blocks left",
                        log.availableSparePercent(),
                        log.availableSparePercent() + " % (warns below " + log.spareThresholdPercent() + " %)")
                .fact(
                        "spare_threshold_percent",
                        "Spare threshold",
                        log.spareThresholdPercent(),
                        log.spareThresholdPercent() + " %")
                .fact("used_percent", "Life used", log.usedPercent(), log.usedPercent() + " %")
                .fact("data_units_read", "Read", log.dataUnitsRead(), units(log.dataUnitsRead()))
                .fact("data_units_written", "Written", log.dataUnitsWritten(), units(log.dataUnitsWritten()))
                .fact("host_reads", "Read commands", log.hostReads())
                .fact("host_writes", "Write commands", log.hostWrites())
                .fact("busy_minutes", "Busy", log.busyMinutes(), Decimals.grouped(log.busyMinutes()) + " min")
                .fact("power_cycles", "Power cycles", log.powerCycles())
                .fact(
                        "power_on_hours",
                        "Power-on time",
                        log.powerOnHours(),
                        Decimals.grouped(log.powerOnHours()) + " h")
                .fact("unsafe_shutdowns", "Unsafe shutdowns", log.unsafeShutdowns())
                .fact("media_errors", "Media errors", log.mediaErrors())
                .fact("error_log_entries", "Errors logged", log.errorLogEntries());
    }

    static Report error(ErrorLogEntry entry) {
        return new Report()
                .fact("error_count", "Error", entry.errorCount())
                .fact("status", "Status", entry.status().toString())
                .fact(
                        "status_type",
                        "Status type",
                        entry.status().type(),
                        hex(entry.status().type(), 1))
                .fact(
                        "status_code",
                        "Status code",
                        entry.status().code(),
                        hex(entry.status().code(), 2))
                .fact("queue", "Submission queue", entry.submissionQueueId())
                .fact("command_id", "Command", entry.commandId())
                .fact("namespace_id", "Namespace", Integer.toUnsignedLong(entry.namespaceId()))
                .fact("block", "First block", entry.block());
    }

    static Report firmware(FirmwareLog log) {
        Report report = new Report()
                .fact("active_slot", "Running slot", log.activeSlot())
                .fact(
                        "next_slot",
                        "Slot after the next reset",
                        log.nextSlot(),
                        log.nextSlot() == 0 ? "the same" : Integer.toString(log.nextSlot()));
        for (int i = 0; i < log.revisions().size(); i++) {
            String revision = log.revisions().get(i);
            if (!revision.isEmpty()) {
                report.fact("slot_" + (i + 1), "Slot " + (i + 1), revision);
            }
        }
        return report;
    }

    private static String warnings(int bits) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < WARNINGS.size(); i++) {
            if ((bits & 1 << i) != 0) {
                text.append(text.isEmpty() ? "" : ", ").append(WARNINGS.get(i));
            }
        }
        return text.isEmpty() ? "none" : text.toString();
    }

    private static String blocks(long count, int blockBytes) {
        boolean fits = count >= 0 && count <= Long.MAX_VALUE / blockBytes;
        return Long.toUnsignedString(count) + " blocks"
                + (fits ? " (" + HumanSize.binary(count * blockBytes) + ")" : "");
    }

    private static String units(long units) {
        String exact = Decimals.grouped(units) + " units of 512,000 bytes";
        return units > Long.MAX_VALUE / SMART_UNIT_BYTES
                ? exact
                : HumanSize.decimal(units * SMART_UNIT_BYTES) + " (" + exact + ")";
    }

    private static String celsius(int kelvin) {
        return kelvin == 0 ? "not said" : kelvin - KELVIN + " °C";
    }

    private static String sizeOrUnsaid(long bytes) {
        return bytes == 0 ? "not said" : bytes + " bytes (" + HumanSize.decimal(bytes) + ")";
    }

    private static String hex(int value, int digits) {
        String text = Integer.toHexString(value);
        return "0x" + "0".repeat(Math.max(0, digits - text.length())) + text;
    }
}
