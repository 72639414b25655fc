package io.sluice.system.engine;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** Programs in containers of one image, through Testcontainers. */
final class ContainerEngine implements LabEngine {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final String image;

    ContainerEngine(String image) {
        this.image = image;
    }

    @Override
    public String name() {
        return "container";
    }

    @Override
    public LabProcess start(Path directory, List<Path> readable, List<String> command) throws IOException {
        List<Bind> binds = new ArrayList<>();
        binds.add(bind(directory, AccessMode.rw));
        readable.forEach(path -> binds.add(bind(path, AccessMode.ro)));
        List<String> shell =
                new ArrayList<>(List.of("sh", "-c", "exec \"$@\" >" + OutputTail.FILE + " 2>&1 </dev/null", "sh"));
        shell.addAll(command);
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(image))
                // The image was built here; no registry has it.
                .withImagePullPolicy(name -> false)
                // withFileSystemBind would run another image to look at the mount.
                .withCreateContainerCmdModifier(create -> create.withWorkingDir(directory.toString())
                        .getHostConfig()
                        .withInit(true)
                        .withBinds(binds))
                .withCommand(shell.toArray(String[]::new));
        try {
            container.start();
        } catch (ContainerLaunchException failure) {
            container.stop();
            throw new IOException("the container did not start: " + OutputTail.of(directory), failure);
        }
        return new ContainerProcess(container, directory);
    }

    private static Bind bind(Path path, AccessMode mode) {
        return new Bind(path.toString(), new Volume(path.toString()), mode);
    }

    private record ContainerProcess(GenericContainer<?> container, Path directory) implements LabProcess {
        private ContainerState state() {
            return container.getCurrentContainerInfo().getState();
        }

        @Override
        public boolean alive() {
            return Boolean.TRUE.equals(state().getRunning());
        }

        @Override
        public OptionalInt await(Duration timeout) throws InterruptedException {
            long end = System.nanoTime() + timeout.toNanos();
            do {
                ContainerState state = state();
                if (!Boolean.TRUE.equals(state.getRunning())) {
                    return OptionalInt.of(state.getExitCodeLong().intValue());
                }
                Thread.sleep(LOOK_EVERY.toMillis());
            } while (System.nanoTime() - end < 0);
            return OptionalInt.empty();
        }

        @Override
        public String output() throws IOException {
            return OutputTail.of(directory);
        }

        @Override
        public void close() {
            container.stop();
        }
    }
}
