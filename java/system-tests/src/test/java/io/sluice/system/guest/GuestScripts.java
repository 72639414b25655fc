package io.sluice.system.guest;

import io.sluice.system.drives.DriveModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Scripts for the guest: the resources beside this class. */
final class GuestScripts {
    private GuestScripts() {}

    /** What every script starts with: how to hand drives over, run Java, and report a step. */
    static String functions() {
        return "#!/bin/sh\nCLASSPATH='" + GuestClassPath.inGuest() + "'\n" + named("functions.sh");
    }

    /** Runs test classes on drives that are bound to vfio-pci first. */
    static String tests(List<Drive> drives, List<Class<?>> classes) {
        String bind =
                drives.stream().map(drive -> "bind " + drive.address() + "\n").collect(Collectors.joining());
        String names = drives.stream()
                .map(drive -> drive.model() + "@" + drive.address())
                .collect(Collectors.joining(","));
        return bind + "junit -D" + VfioControllers.DRIVES + "=" + names + " -- "
                + classes.stream().map(Class::getName).collect(Collectors.joining(" ")) + "\n";
    }

    static String named(String name) {
        try (InputStream script =
                Objects.requireNonNull(GuestScripts.class.getResourceAsStream(name), () -> "no script " + name)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(name, failure);
        }
    }

    /**
     * A drive of a guest.
     *
     * @param device its device number on bus 0
     */
    record Drive(DriveModel model, int device) {
        String address() {
            return String.format("0000:00:%02x.0", device);
        }
    }
}
