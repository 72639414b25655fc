package io.sluice.system.qtest;

import io.sluice.system.drives.DriveModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** One machine for each model, for all tests of a run: starting QEMU takes longer than most of them. */
public final class SharedMachines implements LauncherSessionListener {
    private static final Map<DriveModel, QtestMachine> MACHINES = new EnumMap<>(DriveModel.class);

    static QtestMachine of(DriveModel model) throws IOException {
        synchronized (MACHINES) {
            QtestMachine machine = MACHINES.get(model);
            if (machine == null) {
                machine = QtestMachine.start(directory -> model.arguments(directory, QtestMachine.CONTROLLER));
                MACHINES.put(model, machine);
            }
            return machine;
        }
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        synchronized (MACHINES) {
            MACHINES.values().forEach(SharedMachines::close);
            MACHINES.clear();
        }
    }

    private static void close(QtestMachine machine) {
        try {
            machine.close();
        } catch (IOException failure) {
            throw new UncheckedIOException("a lab's QEMU did not end", failure);
        }
    }
}
