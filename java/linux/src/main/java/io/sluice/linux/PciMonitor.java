package io.sluice.linux;

import com.sun.jna.platform.linux.Udev.UdevContext;
import com.sun.jna.platform.linux.Udev.UdevDevice;
import io.sluice.linux.MonitoringUdev.UdevMonitor;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows what happens to PCI functions, through libudev. Events are kept from the opening on until they are fetched. Any
 * thread may call; one at a time waits.
 */
public final class PciMonitor implements Closeable {
    private static final short POLLIN = 1;

    /** How long a wait may hold up {@link #close}. */
    private static final int SLICE_MILLIS = 100;

    private static final int EINTR = 4;

    private final MonitoringUdev udev;
    private final UdevContext context;
    private final UdevMonitor monitor;
    private volatile boolean closed;

    private PciMonitor(MonitoringUdev udev, UdevContext context, UdevMonitor monitor) {
        this.udev = udev;
        this.context = context;
        this.monitor = monitor;
    }

    /**
     * Begins to listen: to udevd where it runs, so that its rules have been applied when an event comes; else to the kernel.
     *
     * @throws IOException when libudev is not there or cannot listen
     */
    public static PciMonitor open() throws IOException {
        MonitoringUdev udev;
        try {
            udev = MonitoringUdev.load();
        } catch (UnsatisfiedLinkError missing) {
            throw new IOException("hot-plug events need libudev.so.1; install it (apt-get install libudev1)", missing);
        }
        UdevContext context = udev.udev_new();
        if (context == null) {
            throw new IOException("udev_new found no memory");
        }
        UdevMonitor monitor = udev.udev_monitor_new_from_netlink(
                context, Files.exists(Path.of("/run/udev/control")) ? "udev" : "kernel");
        if (monitor == null) {
            udev.udev_unref(context);
            throw new IOException("udev_monitor_new_from_netlink: the kernel gives no netlink socket for events");
        }
        int result = udev.udev_monitor_filter_add_match_subsystem_devtype(monitor, "pci", null);
        if (result >= 0) {
            result = udev.udev_monitor_enable_receiving(monitor);
        }
        if (result < 0) {
            udev.udev_monitor_unref(monitor);
            udev.udev_unref(context);
            throw new LinuxException("udev_monitor_enable_receiving", "PCI functions", -result);
        }
        return new PciMonitor(udev, context, monitor);
    }

    /**
     * Waits for the next event.
     *
     * @param timeoutMillis 0 only looks, negative waits without limit
     * @return empty when the time is over
     * @throws ClosedChannelException when the monitor is or gets closed
     */
    public Optional<PciEvent> next(long timeoutMillis) throws IOException {
        long end = timeoutMillis < 0 ? Long.MAX_VALUE : System.nanoTime() / 1_000_000 + timeoutMillis;
        while (true) {
            long rest = Math.max(0, end - System.nanoTime() / 1_000_000);
            PciEvent event = take((int) Math.min(rest, SLICE_MILLIS));
            if (event != null) {
                return Optional.of(event);
            }
            if (rest <= SLICE_MILLIS) {
                return Optional.empty();
            }
        }
    }

    private synchronized @Nullable PciEvent take(int timeoutMillis) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        // struct pollfd: the descriptor (32 bits), what is waited for and what came (16 bits each).
        int fd = udev.udev_monitor_get_fd(monitor);
        short[] wait = {(short) fd, (short) (fd >>> 16), POLLIN, 0};
        int ready = Libc.calls().poll(wait, 1, timeoutMillis);
        if (ready < 0 && Libc.errno() != EINTR) {
            throw new LinuxException("poll", "udev monitor", Libc.errno());
        }
        UdevDevice device = ready > 0 ? udev.udev_monitor_receive_device(monitor) : null;
        if (device == null) {
            return null;
        }
        try {
            return event(udev.udev_device_get_action(device), udev.udev_device_get_sysname(device));
        } finally {
            udev.udev_device_unref(device);
        }
    }

    /** Actions that later kernels may add are no news to anybody yet. */
    private static @Nullable PciEvent event(@Nullable String action, String address) {
        for (PciEvent.Action known : PciEvent.Action.values()) {
            if (known.name().toLowerCase(Locale.ROOT).equals(action)) {
                return new PciEvent(known, address);
            }
        }
        return null;
    }

    /** Ends a wait within a tenth of a second. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            if (!closed) {
                closed = true;
                udev.udev_monitor_unref(monitor);
                udev.udev_unref(context);
            }
        }
    }
}
