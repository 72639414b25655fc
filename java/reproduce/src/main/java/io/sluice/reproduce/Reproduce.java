package io.sluice.reproduce;

import io.sluice.cli.CommandSeries;
import io.sluice.pci.PciAddress;
import io.sluice.report.Lab;
import io.sluice.report.Render;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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

    /** Of a run, not of what it measured. */
    private static final Set<String> KEPT = Set.of(Handover.FILE, RunLock.FILE);

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*")
    private List<String> tables = List.of();

    @Option(names = "--quick")
    private boolean quick;

    @Option(names = "--fresh")
    private boolean fresh;

    @Option(names = "--lab")
    private @Nullable String lab;

    @Option(names = "--device")
    private @Nullable String device;

    @Option(names = "--partition")
    private @Nullable Integer partition;

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
        if (device == null) {
            return measure(site(), Campaign::run, plan -> {});
        }
        if (lab != null) {
            throw wrong("--lab and --device exclude each other");
        }
        try (CommandSeries commands = new CommandSeries()) {
            DriveIdentity identity = DriveIdentity.read(address(device), commands);
            Site site = new ProcessSite(Lab.DEVICE, identity.address(), partition(), identity.toString());
            Path directory = directory(site);
            return measure(
                    site,
                    (campaign, plan) -> {
                        try (Handover handover = new Handover(identity.address(), commands, Path.of("/"), directory)) {
                            handover.rehearse(plan);
                            campaign.run(plan);
                        }
                    },
                    plan -> confirm(identity, plan));
        }
    }

    /** How a campaign is run on a site. */
    private interface Running {
        void run(Campaign campaign, Plan plan) throws IOException;
    }

    /** What has to hold before anything is touched. */
    private interface Condition {
        void check(Plan plan) throws IOException;
    }

    private Path directory(Site site) {
        return top.resolve("target/report").resolve(site.lab().id());
    }

    private int measure(Site site, Running running, Condition condition) throws IOException {
        Selection selection = selection();
        Mode mode = quick ? Mode.QUICK : Mode.FULL;
        Plan whole = Plan.of(selection.tables(), site.lab(), mode.runs()).without(step -> !selection.has(step));
        Plan plan = site.lab() == Lab.DEVICE && !allowWrites
                ? whole.without(step -> step.recipe().writes())
                : whole;
        List<String> overwriting = rows(whole.without(plan.steps()::contains).steps());
        condition.check(plan);
        Path directory = Files.createDirectories(directory(site));
        RunLock lock = RunLock.of(directory);
        try {
            if (fresh) {
                forget(directory);
            }
            List<String> leftOut = new ArrayList<>(selection.others());
            leftOut.addAll(overwriting);
            new EnvironmentFile(directory.resolve("environment.json"))
                    .write(facts(site, mode), selection.tables(), leftOut);
            Records records = new Records(directory.resolve("raw"));
            running.run(new Campaign(site, mode, mode.pace(site.lab()), directory, records, System.err), plan);
            return summary(directory, plan, records, overwriting);
        } finally {
            lock.close();
        }
    }

    private Selection selection() {
        try {
            return Selection.of(tables);
        } catch (IllegalArgumentException unknown) {
            throw wrong(unknown.getMessage());
        }
    }

    private Site site() {
        if (allowWrites || partition != null) {
            throw wrong((allowWrites ? "--allow-writes" : "--partition") + " goes with --device");
        }
        if (Lab.EMULATED.id().equals(lab)) {
            return new ProcessSite(Lab.EMULATED, EMULATED, 0, EMULATED);
        }
        if (lab != null && !lab.equals(Lab.GUEST.id())) {
            throw wrong("--lab " + lab + ": the labs are guest and emulated; --device for a drive");
        }
        if (image == null || drive == null) {
            throw wrong("the guest needs --image and --drive");
        }
        return new GuestSite(top, image, drive, jar);
    }

    private String address(String text) {
        return PciAddress.parse(text)
                .orElseThrow(() ->
                        wrong("--device " + text + ": expected the PCI address of an NVMe drive, such as 0000:03:00.0"))
                .toString();
    }

    private int partition() {
        if (partition != null && partition < 0) {
            throw wrong("--partition " + partition + ": expected the number of a partition, or 0 for the whole drive");
        }
        return partition == null ? 0 : partition;
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }

    private static void confirm(DriveIdentity identity, Plan plan) throws IOException {
        if (plan.steps().stream().noneMatch(step -> step.recipe().writes())) {
            return;
        }
        BufferedReader answers = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (!identity.isConfirmed(answers, System.err)) {
            throw new IOException(
                    "that is not the model and serial number of " + identity.address() + "; nothing was run");
        }
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
                if (!file.equals(directory) && !KEPT.contains(file.getFileName().toString())) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Shows what was measured, and says which cells have no figure. */
    private static int summary(Path directory, Plan plan, Records records, List<String> overwriting)
            throws IOException {
        // What is said here names the runs; the pages name the cells.
        List<String> ignored = Render.render(List.of(directory), null);
        List<String> missing = records.missing(plan.steps());
        if (!overwriting.isEmpty()) {
            System.err.println(
                    "left out, since they overwrite the drive (see --allow-writes): " + String.join(", ", overwriting));
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
