/** The mediator over the driver, on the emulated controller: queues that are handed out one by one, and the last one, which is shared. */
@NullMarked
package io.sluice.system.mediator;

import org.jspecify.annotations.NullMarked;
