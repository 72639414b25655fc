package io.sluice.linux;

import com.sun.jna.Native;
import com.sun.jna.PointerType;
import com.sun.jna.platform.linux.Udev;
import org.jspecify.annotations.Nullable;

/** libudev with its monitor ({@code libudev(3)}), which jna-platform leaves out. Public for the proxy that JNA makes. */
public interface MonitoringUdev extends Udev {
    /** {@code struct udev_monitor *}. */
    final class UdevMonitor extends PointerType {}

    @Nullable
    UdevMonitor udev_monitor_new_from_netlink(UdevContext context, String source);

    int udev_monitor_filter_add_match_subsystem_devtype(UdevMonitor monitor, String subsystem, @Nullable String type);

    int udev_monitor_enable_receiving(UdevMonitor monitor);

    int udev_monitor_get_fd(UdevMonitor monitor);

    @Nullable
    UdevDevice udev_monitor_receive_device(UdevMonitor monitor);

    @Nullable
    UdevMonitor udev_monitor_unref(UdevMonitor monitor);

    @Nullable
    String udev_device_get_action(UdevDevice device);

    /**
     * Loads libudev; jna-platform's own constant would do so when a class is initialised.
     *
     * @throws UnsatisfiedLinkError when it is not there
     */
    static MonitoringUdev load() {
        return Native.load("udev", MonitoringUdev.class);
    }
}
