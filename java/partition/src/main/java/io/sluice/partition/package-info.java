/**
 * Who may use which partition of a device: the mediator hands out sessions of the device with the window of a partition. It knows {@code
 * io.sluice.block} and the tables of {@link io.sluice.partition.table}; programs and exports call it.
 */
@NullMarked
package io.sluice.partition;

import org.jspecify.annotations.NullMarked;
