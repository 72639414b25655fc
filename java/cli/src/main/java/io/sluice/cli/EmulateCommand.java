package io.sluice.cli;

import io.sluice.emulator.EmulatedController;
import io.sluice.linux.PeerCredentials;
import io.sluice.pci.vfiouser.VfioUserServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "emulate",
        description =
                "Serve an emulated NVMe controller to other processes on a socket, over vfio-user: to QEMU, or to sluice itself.",
        footer = {
            "",
            "One client at a time; the next finds the controller as after power-on, and what is stored as it was. Ends on SIGTERM or"
                    + " SIGINT, and removes the socket.",
            "",
            "Examples:",
            "  sluice emulate --socket /run/drive --backing drive.img --size 10G --block 4k",
            "  sluice emulate --socket /run/drive size=1G,serial=A+size=2G,block=4096",
            "  sluice bench vfio-user:/run/drive --rw randread --bs 4k",
            "",
            "Exit status: 143 or 130 after SIGTERM or SIGINT, 1 failed, 2 wrong usage."
        })
final class EmulateCommand implements Callable<Integer> {
    private final Environment environment;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--socket",
            required = true,
            paramLabel = "PATH",
            description = "where to listen; a socket that a dead server left there is replaced, anything else is not")
    private Path socket;

    @Option(names = "--backing", paramLabel = "FILE", description = "what stores the blocks; memory without it")
    private @Nullable String backing;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            description = "bytes of the namespace; default: the file's size, or 1G")
    private @Nullable String size;

    @Option(names = "--block", paramLabel = "SIZE", description = "bytes of a logical block; default: 512")
    private @Nullable String block;

    @Option(
            names = "--fault",
            paramLabel = "FAULT",
            description = "what is to go wrong, such as drop:op=read:after=100:once; may be given again")
    private List<String> faults = List.of();

    @Parameters(
            arity = "0..1",
            paramLabel = "PARAMETERS",
            description = "more about the controller and its namespaces, as behind emulated: in a DEVICE")
    private @Nullable String parameters;

    EmulateCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        EmulatedParameters wanted;
        try {
            wanted = EmulatedParameters.parse(text());
        } catch (TypeConversionException mistake) {
            throw new ParameterException(spec.commandLine(), mistake.getMessage());
        }
        CountDownLatch ended = new CountDownLatch(1);
        try (EmulatedController controller = wanted.build(
                        "vfio-user:" + socket, Publishing.isWanted() ? TimedDevice::new : device -> device);
                VfioUserServer server = VfioUserServer.at(socket, controller, new Visitors(environment.err()))) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, ended), "end"));
            environment.print(banner());
            server.serve();
        } finally {
            ended.countDown();
        }
        return 0;
    }

    /** What SIGTERM and SIGINT begin. The JVM is gone when this returns, so it waits until everything is closed in order. */
    private void end(VfioUserServer server, CountDownLatch ended) {
        try {
            server.close();
            ended.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException failure) {
            environment.err().println("sluice: " + failure.getMessage());
            environment.err().flush();
        }
    }

    /** The options in front, so that they belong to the first namespace. */
    private String text() {
        StringBuilder text = new StringBuilder();
        if (backing != null) {
            boolean plain = backing.startsWith("/") || backing.startsWith("./") || backing.startsWith("../");
            text.append(plain ? "" : "./").append(backing);
        }
        append(text, size == null ? null : "size=" + size);
        append(text, block == null ? null : "block=" + block);
        for (String fault : faults) {
            append(text, "fault=" + fault);
        }
        append(text, parameters);
        return text.toString();
    }

    private static void append(StringBuilder text, @Nullable String part) {
        if (part != null) {
            text.append(text.isEmpty() ? "" : ",").append(part);
        }
    }

    private String banner() {
        Path absolute = socket.toAbsolutePath();
        return "Serving emulated:" + text() + " at " + absolute + "\n"
                + "QEMU 10.1 or later:\n"
                + "  qemu-system-x86_64 -machine q35,memory-backend=ram -m 1G -object memory-backend-memfd,id=ram,size=1G,share=on \\\n"
                + "    -device '{\"driver\":\"vfio-user-pci\",\"socket\":{\"type\":\"unix\",\"path\":\"" + absolute
                + "\"}}' ...\n"
                + "sluice:\n"
                + "  sluice identify vfio-user:" + absolute + "\n";
    }

    /** Says on standard error who comes and goes, and what each was refused, as long as that is not too much. */
    private static final class Visitors implements VfioUserServer.Watcher {
        private static final int MOST_REFUSALS = 20;

        private final PrintStream err;
        private int refusals;

        Visitors(PrintStream err) {
            this.err = err;
        }

        @Override
        public void connected(PeerCredentials client) {
            refusals = 0;
            say("process " + client.process() + " of user " + client.user() + " connected");
        }

        @Override
        public void refused(String why) {
            if (refusals++ < MOST_REFUSALS) {
                say("refused: " + why);
            }
        }

        @Override
        public void disconnected(String why) {
            if (refusals > MOST_REFUSALS) {
                say((refusals - MOST_REFUSALS) + " more requests were refused");
            }
            say("the client is gone: " + why);
        }

        private void say(String what) {
            err.println("sluice emulate: " + what);
            err.flush();
        }
    }
}
