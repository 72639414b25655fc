package io.sluice.linux;

/**
 * Something that keeps a block device busy.
 *
 * @param device name of the block device or partition: {@code nvme0n1p2}
 * @param kind what it is
 * @param by a mount point, or the name of the device that stands on it
 */
public record BlockUse(String device, Kind kind, String by) {
    /** What can keep a block device busy. */
    public enum Kind {
        /** A mounted file system. */
        MOUNTED("mounted at"),
        /** Swap space. */
        SWAP("swap space"),
        /** A device-mapper device: LVM, dm-crypt, multipath. */
        DEVICE_MAPPER("part of the device-mapper device"),
        /** A software RAID. */
        RAID("part of the array"),
        /** Another device that the kernel built on it. */
        OTHER("held by");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /** {@code nvme0n1p2 is mounted at /srv}. */
    @Override
    public String toString() {
        return device + " is " + kind.text + (by.isEmpty() ? "" : " " + by);
    }
}
