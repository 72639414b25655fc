/**
 * The sessions of this process as JMX shows them: counters, operations in flight, latencies. Programs that want it call {@link io.sluice.block.management.SessionBeans}; nothing
 * else here does anything. A run-time image needs the module {@code java.management}.
 */
@NullMarked
package io.sluice.block.management;

import org.jspecify.annotations.NullMarked;
