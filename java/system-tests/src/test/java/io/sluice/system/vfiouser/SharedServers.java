package io.sluice.system.vfiouser;

import io.sluice.system.engine.LabDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** One server for each model, for all tests of a run: starting a JVM takes longer than most of them. */
public final class SharedServers implements LauncherSessionListener {
    private static final Map<ServedModel, EmulateProcess> SERVERS = new EnumMap<>(ServedModel.class);
    private static final List<LabDirectory> DIRECTORIES = new ArrayList<>();

    static EmulateProcess of(ServedModel model) throws IOException {
        synchronized (SERVERS) {
            EmulateProcess server = SERVERS.get(model);
            if (server == null) {
                LabDirectory directory = LabDirectory.create();
                DIRECTORIES.add(directory);
                server = EmulateProcess.start(directory.path(), List.of(model.parameters()));
                SERVERS.put(model, server);
            }
            return server;
        }
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        synchronized (SERVERS) {
            SERVERS.values().forEach(EmulateProcess::close);
            SERVERS.clear();
            DIRECTORIES.forEach(SharedServers::delete);
            DIRECTORIES.clear();
        }
    }

    private static void delete(LabDirectory directory) {
        try {
            directory.close();
        } catch (IOException failure) {
            throw new UncheckedIOException("a lab's directory was not deleted", failure);
        }
    }
}
