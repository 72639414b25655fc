package io.sluice.nvme;

import java.io.IOException;

/** A controller could not be opened or does not behave as the specification says. The message says what to do where one can tell. */
public class ControllerException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The message starts with the name of the controller. */
    public ControllerException(String controller, String reason) {
        super(controller + ": " + reason);
    }
}
