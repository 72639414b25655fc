package io.sluice.reproduce;

import java.io.Closeable;
import java.io.IOException;

/** What is measured. One thread. */
sealed interface Drive extends Closeable permits EmulatedDrive, PciDrive {
    /**
     * Gives it to the driver that a step needs, unless that has it already.
     *
     * @return what the step's command calls it
     */
    String prepare(Reach reach) throws IOException;
}
