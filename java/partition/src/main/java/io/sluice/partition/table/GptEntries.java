package io.sluice.partition.table;

import io.sluice.partition.table.Finding.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Makes partitions of the entries of a GPT, and leaves out, by name, those that make no sense. */
final class GptEntries {
    private final GptCopy copy;
    private final long blockCount;
    private final List<Finding> findings;

    GptEntries(GptCopy copy, long blockCount, List<Finding> findings) {
        this.copy = copy;
        this.blockCount = blockCount;
        this.findings = findings;
    }

    List<Partition> partitions() {
        List<Partition> partitions = new ArrayList<>();
        for (int number = 1; number <= copy.header().entryCount(); number++) {
            GptEntry entry = copy.entry(number);
            if (entry.isUsed() && makesSense(number, entry)) {
                String name = entry.shownName();
                if (name.indexOf(0xfffd) >= 0) {
                    findings.add(new Finding(
                            Problem.NAME_MALFORMED,
                            "the name of partition " + number + " has characters that cannot be shown"));
                }
                partitions.add(new Partition(
                        number,
                        entry.firstBlock(),
                        entry.lastBlock() - entry.firstBlock() + 1,
                        new PartitionType.Gpt(entry.type()),
                        entry.guid(),
                        name,
                        entry.attributes()));
            }
        }
        reportGuids(partitions);
        return Overlaps.refuse(partitions, findings);
    }

    private boolean makesSense(int number, GptEntry entry) {
        GptHeader header = copy.header();
        long first = entry.firstBlock();
        long last = entry.lastBlock();
        String where = "partition " + number + " from block " + Long.toUnsignedString(first) + " to "
                + Long.toUnsignedString(last);
        if (Long.compareUnsigned(first, last) > 0) {
            return refuse(where + " ends before it begins");
        }
        // With the first test passed, a last block that is not negative means a first one that is not.
        if (last < 0 || last >= blockCount) {
            return refuse(where + " is not within the device, which ends at block " + (blockCount - 1));
        }
        if (first < header.firstUsable() || last > header.lastUsable()) {
            return refuse(
                    where + " is not within the usable blocks " + header.firstUsable() + " to " + header.lastUsable());
        }
        return true;
    }

    private boolean refuse(String why) {
        findings.add(new Finding(Problem.PARTITION_REFUSED, why + "; it is left out"));
        return false;
    }

    private void reportGuids(List<Partition> partitions) {
        Map<UUID, Integer> seen = new HashMap<>();
        for (Partition partition : partitions) {
            UUID guid = partition.guid() == null ? Guids.ZERO : partition.guid();
            Integer other = seen.putIfAbsent(guid, partition.number());
            if (guid.equals(Guids.ZERO)) {
                findings.add(new Finding(
                        Problem.GUID_NOT_UNIQUE, "partition " + partition.number() + " has no unique GUID"));
            } else if (other != null) {
                findings.add(new Finding(
                        Problem.GUID_NOT_UNIQUE,
                        "partitions " + other + " and " + partition.number() + " have the same unique GUID "
                                + Guids.text(guid)));
            }
        }
    }
}
