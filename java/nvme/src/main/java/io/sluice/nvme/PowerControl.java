package io.sluice.nvme;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The power states of a controller (sections 8.4, 5.21.1.2, 5.21.1.12): which one it is in, and whether it leaves it by itself. What is set lasts until the
 * controller is reset, which closing it does. Any thread; errors are those of {@link NvmeController}.
 */
public final class PowerControl {
    private static final int TABLE_BYTES = 256;
    private static final int STATE = 0x1f;

    private final NvmeController controller;
    private final AdminQueue admin;

    PowerControl(NvmeController controller, AdminQueue admin) {
        this.controller = controller;
        this.admin = admin;
    }

    /** The power states, by number. */
    public List<PowerState> states() {
        return controller.identify().powerStates();
    }

    /** Number of the present one. */
    public int state() throws IOException {
        return controller.feature(Feature.POWER_MANAGEMENT) & STATE;
    }

    /**
     * Enters a power state.
     *
     * @param number one of {@link #states}
     */
    public void state(int number) throws IOException {
        if (number < 0 || number >= states().size()) {
            throw new IllegalArgumentException(controller.name() + " has power states 0 to " + (states().size() - 1)
                    + ", asked for was " + number);
        }
        controller.setFeature(Feature.POWER_MANAGEMENT, number, false);
    }

    /** When it changes its state by itself; empty where it does not. */
    public List<IdleTransition> idleTransitions() throws IOException {
        controller.requireLive();
        if (!controller.identify().autonomousPowerStates()) {
            return List.of();
        }
        byte[] table = new byte[TABLE_BYTES];
        int enabled = admin.transfer(AdminCommand.getFeature(Feature.AUTONOMOUS_POWER_STATES.id(), 0), table);
        List<IdleTransition> transitions = new ArrayList<>();
        DataStructure entries = new DataStructure(table);
        for (int from = 0; (enabled & 1) != 0 && from < states().size(); from++) {
            long entry = entries.u64(Long.BYTES * from);
            int millis = (int) (entry >>> 8) & 0xff_ffff;
            if (millis != 0) {
                transitions.add(new IdleTransition(from, (int) (entry >>> 3) & STATE, millis));
            }
        }
        return transitions;
    }

    /**
     * Has it change its state by itself.
     *
     * @param transitions at most one from each state; none = it is not to
     * @throws ControllerException when it cannot
     */
    public void idleTransitions(List<IdleTransition> transitions) throws IOException {
        controller.requireLive();
        if (!controller.identify().autonomousPowerStates()) {
            throw new ControllerException(controller.name(), "it does not change its power state by itself (APSTA)");
        }
        ByteBuffer table = ByteBuffer.allocate(TABLE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (IdleTransition transition : transitions) {
            int at = Long.BYTES * transition.from();
            if (table.getLong(at) != 0) {
                throw new IllegalArgumentException("two ways out of power state " + transition.from());
            }
            table.putLong(at, (long) transition.idleMillis() << 8 | (long) transition.to() << 3);
        }
        int ignored = admin.transfer(
                AdminCommand.setFeature(Feature.AUTONOMOUS_POWER_STATES.id(), transitions.isEmpty() ? 0 : 1, false),
                table.array());
    }
}
