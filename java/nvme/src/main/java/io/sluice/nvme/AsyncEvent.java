package io.sluice.nvme;

/**
 * Something a controller reported on its own (section 5.2).
 *
 * @param type 0 error, 1 SMART / health, 2 notice, 6 I/O command set, 7 vendor; others are reserved
 * @param information what happened, by type (figures 147 to 150)
 * @param logPage the log page that tells more; it was read, so that the controller reports the next event of this type
 */
public record AsyncEvent(int type, int information, int logPage) {
    static AsyncEvent decode(int dw0) {
        return new AsyncEvent(dw0 & 7, dw0 >>> 8 & 0xff, dw0 >>> 16 & 0xff);
    }

    /** The event in words. */
    public String description() {
        return switch (type << 8 | information) {
            case 0x000 -> "write to invalid doorbell register";
            case 0x001 -> "invalid doorbell write value";
            case 0x002 -> "diagnostic failure";
            case 0x003 -> "persistent internal error";
            case 0x004 -> "transient internal error";
            case 0x005 -> "firmware image load error";
            case 0x100 -> "NVM subsystem reliability";
            case 0x101 -> "temperature threshold";
            case 0x102 -> "spare below threshold";
            case 0x200 -> "namespace attribute changed";
            case 0x201 -> "firmware activation starting";
            case 0x202 -> "telemetry log changed";
            case 0x203 -> "asymmetric namespace access change";
            default -> String.format("event type %xh, information %02xh", type, information);
        };
    }
}
