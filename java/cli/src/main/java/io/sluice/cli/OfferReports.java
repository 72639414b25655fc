package io.sluice.cli;

import io.sluice.nvme.Capabilities;
import io.sluice.nvme.CommandFailedException;
import io.sluice.nvme.IdentifyController;
import io.sluice.nvme.InUse;
import io.sluice.nvme.NvmeController;
import io.sluice.nvme.PowerState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a controller offers beyond moving blocks, and what of it is in use, in words. */
final class OfferReports {
    private OfferReports() {}

    static Report offers(NvmeController controller) throws IOException {
        IdentifyController identify = controller.identify();
        Capabilities capabilities = controller.capabilities();
        InUse use = controller.inUse();
        Report report = new Report()
                .fact("shadow_doorbells", "Shadow doorbells", offer(identify.doorbellBuffers(), use.shadowDoorbells()))
                .fact(
                        "controller_memory_queues",
                        "Queues in controller memory",
                        offer(capabilities.memoryBuffer(), use.memoryBufferQueues()))
                .fact(
                        "host_memory_preferred_bytes",
                        "Host memory wanted",
                        identify.hostMemoryPreferredBytes(),
                        wanted(identify))
                .fact("host_memory_lent_bytes", "Host memory lent", use.hostMemoryBytes(), size(use.hostMemoryBytes()))
                .fact(
                        "queue_priorities",
                        "Queue priorities",
                        offer(capabilities.weightedRoundRobin(), use.priorities()))
                .fact(
                        "sgl_use",
                        "Scatter-gather lists in use",
                        switch (use.sglUse()) {
                            case NEVER -> "never";
                            case WHERE_NEEDED -> "needed";
                            case ALWAYS -> "always";
                        });
        if (identify.volatileWriteCache()) {
            report.fact("write_cache", "Write cache now", writeCache(controller));
        }
        return report;
    }

    private static String writeCache(NvmeController controller) throws IOException {
        try {
            return controller.writeCacheEnabled() ? "on" : "off";
        } catch (CommandFailedException untold) {
            return "not said";
        }
    }

    private static String offer(boolean offered, boolean used) {
        return used ? "in use" : offered ? "offered" : "not offered";
    }

    private static String wanted(IdentifyController identify) {
        if (identify.hostMemoryPreferredBytes() == 0) {
            return "none";
        }
        return size(identify.hostMemoryPreferredBytes()) + ", at least " + size(identify.hostMemoryLeastBytes());
    }

    private static String size(long bytes) {
        return bytes == 0 ? "none" : HumanSize.binary(bytes);
    }

    /** The power states as a table; the one that the controller is in is marked. */
    static String powerStates(List<PowerState> states, int present) {
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < states.size(); i++) {
            PowerState state = states.get(i);
            rows.add(List.of(
                    i + (i == present ? "*" : " "),
                    watts(state.maxMicrowatts()),
                    state.operational() ? "yes" : "no",
                    micros(state.entryMicros()),
                    micros(state.exitMicros()),
                    watts(state.idleMicrowatts()),
                    watts(state.activeMicrowatts())));
        }
        return Table.of(
                List.of(
                        Table.Column.right("state", 0),
                        Table.Column.right("at most", 0),
                        Table.Column.left("executes", 0),
                        Table.Column.right("enter", 0),
                        Table.Column.right("leave", 0),
                        Table.Column.right("idle", 0),
                        Table.Column.right("active", 0)),
                rows);
    }

    static void writePowerStates(JsonWriter json, List<PowerState> states) {
        json.beginArray("power_states");
        for (PowerState state : states) {
            json.beginObject()
                    .field("max_microwatts", state.maxMicrowatts())
                    .field("operational", state.operational())
                    .field("entry_micros", state.entryMicros())
                    .field("exit_micros", state.exitMicros())
                    .field("idle_microwatts", state.idleMicrowatts())
                    .field("active_microwatts", state.activeMicrowatts())
                    .endObject();
        }
        json.endArray();
    }

    private static String watts(long microwatts) {
        return microwatts == 0 ? "-" : Decimals.fixed(microwatts / 1e6, microwatts % 10_000 == 0 ? 2 : 4) + " W";
    }

    private static String micros(long micros) {
        return micros == 0 ? "-" : Decimals.grouped(micros) + " µs";
    }
}
