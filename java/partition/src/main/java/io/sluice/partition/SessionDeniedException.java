package io.sluice.partition;

import io.sluice.block.BlockIoException;

/** A mediator gives somebody no session: no policy, or not so, or not now. The message names the label and says why. */
public class SessionDeniedException extends BlockIoException {
    private static final long serialVersionUID = 1L;

    private final String label;

    /** See {@link BlockIoException}. */
    public SessionDeniedException(String device, String label, String reason) {
        super(device, "no session for label '" + label + "': " + reason);
        this.label = label;
    }

    /** Who asked. */
    public String label() {
        return label;
    }
}
