package io.sluice.partition.table;

import java.util.List;

/** Knows who uses which blocks of a device: asked before a table is changed under somebody. */
@FunctionalInterface
public interface BlockUsers {
    /** Nobody has a session on the device but who changes its table. */
    BlockUsers NONE = extent -> List.of();

    /** Who has a session on a block of the extent: labels, for a message. */
    List<String> of(Extent extent);
}
