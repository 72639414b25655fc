package io.sluice.nvme.contract;

import io.sluice.pci.PciFunction;
import java.io.IOException;

/** A controller of a known shape that tests may use, with whatever is stored on it. Its text is the shape's name. */
public interface ControllerLab {
    /** What the controller is like. */
    Shape shape();

    /**
     * The controller's function, for the caller alone until it closes it; waits for whoever has it now. Ends the test with a
     * reason when there is no such controller here.
     */
    PciFunction open() throws IOException;
}
