package io.sluice.reproduce;

import io.sluice.pci.PciAddress;
import io.sluice.report.Lab;
import io.sluice.report.Render;
import io.sluice.report.Table;
import io.sluice.report.Tables;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures tables and shows them; {@code scripts/reproduce} prepares what it needs, and has the help text. */
@Command(name = "reproduce")
public final class Reproduce implements Callable<Integer> {
    private static final String EMULATED = "emulated:size=1G,fill";

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*")
    private List<String> selections = List.of();

    @Option(names = "--quick")
    private boolean quick;

    @Option(names = "--fresh")
    private boolean fresh;

    @Option(names = "--lab", defaultValue = "guest")
    private String lab;

    @Option(names = "--device")
    private @Nullable String device;

    @Option(names = "--partition", defaultValue = "0")
    private int partition;

    @Option(names = "--allow-writes")
    private boolean allowWrites;

    @Option(names = "--top", required = true)
    private Path top;

    @Option(names = "--image")
    private @Nullable Path image;

    @Option(names = "--drive")
    private @Nullable Path drive;

    @Option(names = "--jar", required = true)
    private Path jar;

    private Reproduce() {}

    /** Runs the command and ends the JVM: 0 every cell has a figure, 1 one has none, 2 wrong usage. */
    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new Reproduce());
        line.setParameterExceptionHandler((mistake, ignored) -> {
            System.err.println("reproduce: " + mistake.getMessage() + "\nTry 'scripts/reproduce --help'.");
            return CommandLine.ExitCode.USAGE;
        });
        line.setExecutionExceptionHandler((failure, ignored, parsed) -> {
            System.err.println("reproduce: "
                    + (failure instanceof IOException && failure.getMessage() != null
                            ? failure.getMessage()
                            : failure.toString()));
            return CommandLine.ExitCode.SOFTWARE;
        });
        System.exit(line.execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        List<Table> tables = tables();
        Mode mode = quick ? Mode.QUICK : Mode.FULL;
        Site site = site();
        Plan plan = Plan.of(tables, site.lab(), mode.runs());
        List<Step> leftOut = new ArrayList<>();
        if (site.lab() == Lab.DEVICE) {
            leftOut = admit(plan);
            plan = plan.without(leftOut::contains);
        }
        Path directory = top.resolve("target/report").resolve(site.lab().id());
        if (fresh) {
            forget(directory);
        }
        Files.createDirectories(directory);
        new EnvironmentFile(directory.resolve("environment.json")).write(facts(site, mode), tables, rows(leftOut));
        Records records = new Records(directory.resolve("raw"));
        new Campaign(site, mode, mode.pace(site.lab()), directory, records, System.err).run(plan);
        return summary(directory, plan, records, leftOut);
    }

    private List<Table> tables() {
        Set<Table> tables = new LinkedHashSet<>();
        for (String selection : selections) {
            List<Table> selected = Tables.selected(selection);
            if (selected.isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "there is no table '" + selection + "': expected "
                                + String.join(
                                        ", ",
                                        Tables.all().stream()
                                                .map(Table::selection)
                                                .distinct()
                                                .toList()));
            }
            tables.addAll(selected);
        }
        return tables.isEmpty() ? Tables.all() : List.copyOf(tables);
    }

    private Site site() {
        if (device != null) {
            return new ProcessSite(Lab.DEVICE, address(device), partition);
        }
        if (lab.equals(Lab.EMULATED.id())) {
            return new ProcessSite(Lab.EMULATED, EMULATED, 0);
        }
        if (!lab.equals(Lab.GUEST.id())) {
            throw new ParameterException(
                    spec.commandLine(), "--lab " + lab + ": the labs are guest and emulated; --device for a drive");
        }
        if (image == null || drive == null) {
            throw new ParameterException(spec.commandLine(), "the guest needs --image and --drive");
        }
        return new GuestSite(top, image, drive, jar);
    }

    private String address(String text) {
        return PciAddress.parse(text)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "--device " + text + ": expected the PCI address of an NVMe drive, such as 0000:03:00.0"))
                .toString();
    }

    /** What is not to be run on the user's drive: all that writes, unless the user wants that and says of which drive. */
    private List<Step> admit(Plan plan) throws IOException {
        List<Step> writing =
                plan.steps().stream().filter(step -> step.recipe().writes()).toList();
        if (writing.isEmpty()) {
            return List.of();
        }
        if (!allowWrites) {
            return writing;
        }
        BufferedReader answers = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (!DriveIdentity.read(address(device)).isConfirmed(answers, System.err)) {
            throw new IOException("that is not the drive at " + device + "; nothing was run");
        }
        return List.of();
    }

    private Map<String, String> facts(Site site, Mode mode) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("lab", site.lab().id());
        facts.put("mode", mode.id());
        facts.putAll(Machine.facts(top));
        facts.putAll(site.facts());
        Pace pace = mode.pace(site.lab());
        facts.put("runs", mode.runs() + ", of " + pace.runMillis() / 1e3 + " s each");
        String note = mode.fresh()
                ? "each figure is of a fresh " + (site.lab() == Lab.GUEST ? "boot" : "process")
                : "the figures of a table are of one " + (site.lab() == Lab.GUEST ? "boot" : "process");
        if (site.lab() == Lab.GUEST) {
            note += "; the same controller was with the kernel's driver and with Sluice in turn";
        }
        facts.put("note", note);
        return facts;
    }

    private static List<String> rows(List<Step> steps) {
        return steps.stream()
                .map(step -> step.table().id() + " " + step.row())
                .distinct()
                .toList();
    }

    private static void forget(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
                if (!file.equals(directory)) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Shows what was measured, and says which cells have no figure. */
    private static int summary(Path directory, Plan plan, Records records, List<Step> leftOut) throws IOException {
        // What is said here names the runs; the pages name the cells.
        List<String> ignored = Render.render(List.of(directory), null);
        List<String> missing = records.missing(plan.steps());
        if (!leftOut.isEmpty()) {
            System.err.println("left out, since they overwrite the drive (see --allow-writes): "
                    + String.join(", ", rows(leftOut)));
        }
        for (String step : missing) {
            System.err.println("reproduce: " + step);
        }
        System.out.println(
                plan.steps().size() - missing.size() + " of " + plan.steps().size()
                        + " measurements have a figure\n" + directory.resolve("report.md") + "\n"
                        + directory.resolve("report.html"));
        return missing.isEmpty() ? 0 : 1;
    }
}
