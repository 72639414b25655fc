package io.sluice.system.guest;

import java.io.FileOutputStream;
import java.io.OutputStream;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** In the guest: runs test classes and writes a line for each result to the file that {@code SLUICE_RESULTS} names. */
public final class GuestMain {
    private GuestMain() {}

    /** The arguments are names of classes. */
    public static void main(String[] arguments) throws Exception {
        String results = System.getenv("SLUICE_RESULTS");
        if (results == null) {
            throw new IllegalStateException("SLUICE_RESULTS names no file for the results");
        }
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
        for (String type : arguments) {
            request.selectors(DiscoverySelectors.selectClass(type));
        }
        LauncherDiscoveryRequest classes = request.build();
        try (OutputStream lines = new FileOutputStream(results, true)) {
            Launcher launcher = LauncherFactory.create();
            launcher.execute(classes, new ResultWriter(lines));
        }
        // A test that left a thread behind is not to keep the guest.
        System.exit(0);
    }
}
