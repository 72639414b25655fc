package io.sluice.partition.table;

import io.sluice.partition.table.Finding.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Partitions that share blocks: none of them is anybody's, whichever came first. */
final class Overlaps {
    private Overlaps() {}

    static List<Partition> refuse(List<Partition> partitions, List<Finding> findings) {
        List<Partition> byPlace = new ArrayList<>(partitions);
        byPlace.sort(Comparator.comparingLong(Partition::firstBlock));
        List<Partition> refused = new ArrayList<>();
        // The one that reaches farthest of those before: who overlaps any of them overlaps it, too.
        Partition farthest = null;
        for (Partition partition : byPlace) {
            if (farthest != null && partition.firstBlock() <= farthest.lastBlock()) {
                findings.add(new Finding(
                        Problem.PARTITION_REFUSED,
                        "partitions " + farthest.number() + " (blocks " + farthest.firstBlock() + " to "
                                + farthest.lastBlock() + ") and " + partition.number() + " (blocks "
                                + partition.firstBlock() + " to " + partition.lastBlock()
                                + ") share blocks; both are left out"));
                refused.add(farthest);
                refused.add(partition);
            }
            if (farthest == null || partition.lastBlock() > farthest.lastBlock()) {
                farthest = partition;
            }
        }
        if (refused.isEmpty()) {
            return partitions;
        }
        Set<Integer> numbers = new HashSet<>();
        refused.forEach(partition -> numbers.add(partition.number()));
        return partitions.stream()
                .filter(partition -> !numbers.contains(partition.number()))
                .toList();
    }
}
