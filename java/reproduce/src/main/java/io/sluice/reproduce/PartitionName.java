package io.sluice.reproduce;

/**
 * What commands call a drive and a partition of it.
 *
 * @param device the drive
 * @param partition its number; 0 is the whole of a drive without a table
 */
record PartitionName(String device, int partition) {
    String of(Reach reach) {
        return switch (reach) {
            case COPYING -> device + "/p" + partition + ",copying";
            case MEDIATED -> device + "/p" + partition + ",mediated";
            default -> device;
        };
    }
}
