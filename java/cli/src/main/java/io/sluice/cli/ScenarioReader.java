package io.sluice.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Reads a scenario. Its keys are the options of {@code bench}, and read by the same parser: what is wrong is told with file and line. */
final class ScenarioReader {
    private final Path file;
    private final CommandLine bench;

    ScenarioReader(Path file, CommandLine bench) {
        this.file = file;
        this.bench = bench;
    }

    Scenario read() throws IOException {
        Optional<Node> root;
        try {
            root = new Compose(LoadSettings.builder().setLabel(file.toString()).build())
                    .composeString(Files.readString(file));
        } catch (YamlEngineException e) {
            throw new ParameterException(bench, file + " is no YAML: " + e.getMessage());
        }
        if (root.isEmpty()) {
            throw new ParameterException(bench, file + ": is empty; expected tests");
        }
        Map<String, Node> top = mapping(root.get());
        @Nullable DeviceName device = null;
        boolean stopOnError = false;
        Map<String, Node> defaults = Map.of();
        List<Scenario.Test> tests = new ArrayList<>();
        for (Map.Entry<String, Node> entry : top.entrySet()) {
            Node value = entry.getValue();
            switch (entry.getKey()) {
                case "device" -> device = device(value);
                case "stop-on-error" -> stopOnError = flag(value);
                case "defaults" -> defaults = mapping(value);
                case "tests" -> {}
                default ->
                    throw wrong(
                            value,
                            "'" + entry.getKey()
                                    + "' is not known here: expected device, stop-on-error, defaults and tests");
            }
        }
        Node list = top.get("tests");
        if (!(list instanceof SequenceNode sequence) || sequence.getValue().isEmpty()) {
            throw wrong(list == null ? root.get() : list, "'tests' is a list of tests");
        }
        for (Node test : sequence.getValue()) {
            tests.add(test(test, defaults));
        }
        return new Scenario(device, stopOnError, tests);
    }

    private Scenario.Test test(Node node, Map<String, Node> defaults) {
        Map<String, Node> keys = new LinkedHashMap<>(mapping(node));
        Node named = keys.remove("name");
        String name = named == null ? "" : scalar(named);
        Node together = keys.remove("together");
        if (together == null) {
            return new Scenario.Test(name, List.of(part(node, defaults, keys)));
        }
        if (!(together instanceof SequenceNode parts) || parts.getValue().isEmpty()) {
            throw wrong(together, "'together' is a list of what runs at the same time");
        }
        Map<String, Node> shared = new LinkedHashMap<>(defaults);
        shared.putAll(keys);
        return new Scenario.Test(
                name,
                parts.getValue().stream()
                        .map(part -> part(part, shared, mapping(part)))
                        .toList());
    }

    private Scenario.Part part(Node node, Map<String, Node> defaults, Map<String, Node> keys) {
        Map<String, Node> all = new LinkedHashMap<>(defaults);
        all.putAll(keys);
        BenchOptions options = new BenchOptions();
        CommandLine line = new CommandLine(options);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        for (Map.Entry<String, Node> entry : all.entrySet()) {
            if (line.getCommandSpec().findOption("--" + entry.getKey()) == null) {
                throw wrong(entry.getValue(), "'" + entry.getKey() + "' is no option of a test");
            }
        }
        String[] arguments = all.entrySet().stream()
                .flatMap(entry -> arguments(entry.getKey(), entry.getValue()).stream())
                .toArray(String[]::new);
        try {
            CommandLine.ParseResult ignored = line.parseArgs(arguments);
            options.check(line);
        } catch (ParameterException e) {
            throw wrong(node, e.getMessage());
        }
        return new Scenario.Part(options, bench);
    }

    private List<String> arguments(String key, Node value) {
        if (value instanceof SequenceNode list) {
            return List.of(
                    "--" + key, list.getValue().stream().map(this::scalar).collect(Collectors.joining(",")));
        }
        return switch (scalar(value)) {
            case "true" -> List.of("--" + key);
            case "false" -> List.of();
            default -> List.of("--" + key, scalar(value));
        };
    }

    private DeviceName device(Node value) {
        try {
            return DeviceNameParser.parse(scalar(value));
        } catch (TypeConversionException e) {
            throw wrong(value, e.getMessage());
        }
    }

    private boolean flag(Node value) {
        return switch (scalar(value)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(value, "expected true or false");
        };
    }

    private String scalar(Node node) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw wrong(node, "expected a single value");
    }

    private Map<String, Node> mapping(Node node) {
        if (!(node instanceof MappingNode mapping)) {
            throw wrong(node, "expected 'key: value'");
        }
        Map<String, Node> keys = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String key = scalar(tuple.getKeyNode());
            if (keys.put(key, tuple.getValueNode()) != null) {
                throw wrong(tuple.getKeyNode(), "'" + key + "' is there twice");
            }
        }
        return keys;
    }

    private ParameterException wrong(Node node, String message) {
        return new ParameterException(
                bench,
                file + ":" + node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1) + ": " + message);
    }
}
