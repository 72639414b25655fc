/**
 * Interleavings of the parts of {@code io.sluice.partition} that several threads use without a lock. It may call that package's inside; nothing calls it.
 */
@NullMarked
package io.sluice.partition;

import org.jspecify.annotations.NullMarked;
