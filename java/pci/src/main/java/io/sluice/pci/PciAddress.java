package io.sluice.pci;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a function sits: {@code domain:bus:device.function}, as Linux writes it.
 *
 * @param domain 0 to 0xffffffff (more than 16 bits behind some bridges)
 * @param bus 0 to 0xff
 * @param device 0 to 0x1f
 * @param function 0 to 7
 */
public record PciAddress(long domain, int bus, int device, int function) {
    private static final Pattern FORM =
            Pattern.compile("(?:([0-9a-fA-F]{4,8}):)?([0-9a-fA-F]{2}):([01][0-9a-fA-F])\\.([0-7])");

    /** Reads {@code 0000:03:00.0} or the short form {@code 03:00.0}; empty when the text is neither. */
    public static Optional<PciAddress> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String domain = matcher.group(1);
        return Optional.of(new PciAddress(
                domain == null ? 0 : Long.parseLong(domain, 16),
                Integer.parseInt(matcher.group(2), 16),
                Integer.parseInt(matcher.group(3), 16),
                Integer.parseInt(matcher.group(4), 16)));
    }

    /** The form that sysfs uses: {@code 0000:03:00.0}. */
    @Override
    public String toString() {
        return String.format("%04x:%02x:%02x.%d", domain, bus, device, function);
    }
}
