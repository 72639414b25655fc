package io.sluice.emulator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * What the controller says of itself, however it is set up.
 *
 * @param vendor PCI vendor identifier
 * @param device PCI device identifier
 * @param serial serial number, at most 20 ASCII characters
 * @param model model number, at most 40 ASCII characters
 * @param firmware firmware revision, at most 8 ASCII characters
 */
record ControllerIdentity(int vendor, int device, String serial, String model, String firmware) {
    ControllerIdentity {
        check("serial number", serial, 20);
        check("model number", model, 40);
        check("firmware revision", firmware, 8);
    }

    private static void check(String what, String text, int most) {
        if (text.isEmpty() || text.length() > most || !text.chars().allMatch(c -> c >= 0x20 && c <= 0x7e)) {
            throw new IllegalArgumentException(
                    "a " + what + " of '" + text + "': expected 1 to " + most + " printable ASCII characters");
        }
    }

    /** A string as the specification wants it: padded with spaces. */
    static byte[] ascii(String text, int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) ' ');
        byte[] characters = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(characters, 0, bytes, 0, Math.min(characters.length, length));
        return bytes;
    }

    String subsystemName() {
        return "nqn.2014-08.org.nvmexpress:uuid:" + uuid("subsystem");
    }

    UUID namespaceUuid(int id) {
        return uuid("namespace " + id);
    }

    /** The same for the same serial number, so that a host that comes back finds what it knew. */
    private UUID uuid(String what) {
        return UUID.nameUUIDFromBytes(("sluice " + model + " " + serial + " " + what).getBytes(StandardCharsets.UTF_8));
    }

    static byte[] bytes(UUID uuid) {
        return ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
    }
}
