package io.sluice.nvme;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a controller is in its life, and where it can go from there.
 *
 * <pre>
 * NEW -> ENABLING -> LIVE -> RESETTING -> ENABLING
 *            |         |         |
 *            +---------+---------+--> DEAD
 * NEW, ENABLING, LIVE, RESETTING, DEAD --> CLOSING --> CLOSED
 * </pre>
 */
public enum ControllerState {
    /** Registers are mapped, nothing was written. */
    NEW,
    /** CC.EN was set; waiting for CSTS.RDY and the first admin commands. */
    ENABLING,
    /** Takes commands. */
    LIVE,
    /** Being disabled in order to be enabled again. */
    RESETTING,
    /** Failed (CSTS.CFS) or gone (all ones); takes nothing any more. */
    DEAD,
    /** Being shut down. */
    CLOSING,
    /** Given back. */
    CLOSED;

    Set<ControllerState> next() {
        return switch (this) {
            case NEW -> EnumSet.of(ENABLING, CLOSING);
            case ENABLING -> EnumSet.of(LIVE, DEAD, CLOSING);
            case LIVE -> EnumSet.of(RESETTING, DEAD, CLOSING);
            case RESETTING -> EnumSet.of(ENABLING, DEAD, CLOSING);
            case DEAD -> EnumSet.of(CLOSING);
            case CLOSING -> EnumSet.of(CLOSED);
            case CLOSED -> EnumSet.noneOf(ControllerState.class);
        };
    }
}
