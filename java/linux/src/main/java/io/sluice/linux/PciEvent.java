package io.sluice.linux;

/**
 * Something happened to a PCI function.
 *
 * @param action what
 * @param address of the function, as sysfs writes it
 */
public record PciEvent(Action action, String address) {
    /** What can happen. */
    public enum Action {
        /** It was plugged in, or enabled by a rescan. */
        ADD,
        /** It is gone. */
        REMOVE,
        /** A driver took it. */
        BIND,
        /** Its driver let go of it. */
        UNBIND,
        /** Something about it changed: an error was reported, a reset was done. */
        CHANGE
    }
}
