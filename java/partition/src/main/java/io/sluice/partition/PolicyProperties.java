package io.sluice.partition;

import io.sluice.block.Limits;
import io.sluice.block.Priority;
import io.sluice.block.Rate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Policies as a properties file writes them; {@link Policies#read} says how. Whatever it does not know is an error that names the key. */
final class PolicyProperties {
    private static final String UNITS = "KMGT";
    private static final String LINE = "line ";

    private final Map<String, String> values = new HashMap<>();
    private final Map<String, Integer> lines;

    /** Properties, and in which line each of them is, where that is known. */
    PolicyProperties(Properties properties, Map<String, Integer> lines) {
        this.lines = lines;
        for (String key : properties.stringPropertyNames()) {
            values.put(key, properties.getProperty(key).strip());
        }
    }

    List<Policy> policies() {
        TreeSet<String> names = new TreeSet<>();
        for (String key : values.keySet()) {
            int dot = key.indexOf('.');
            if (dot < 1) {
                throw new IllegalArgumentException(line(key) + "'" + key
                        + "': expected the name of a policy, a dot and what is said about it, such as guest.label");
            }
            names.add(key.substring(0, dot));
        }
        List<Policy> policies = new ArrayList<>();
        for (String name : names) {
            try {
                policies.add(policy(name));
            } catch (IllegalArgumentException wrong) {
                String said = String.valueOf(wrong.getMessage());
                throw said.startsWith(LINE) ? wrong : new IllegalArgumentException(lineOf(name) + said, wrong);
            }
        }
        values.keySet().stream().sorted().findFirst().ifPresent(key -> {
            throw new IllegalArgumentException(line(key) + "'" + key + "': nothing is called so in a policy");
        });
        return policies;
    }

    /** Where a key is, to begin a message with. */
    private String line(String key) {
        Integer line = lines.get(key);
        return line == null ? "" : LINE + line + ": ";
    }

    /** Where the first key of a policy is. */
    private String lineOf(String name) {
        return lines.entrySet().stream()
                .filter(line -> line.getKey().startsWith(name + "."))
                .min(Map.Entry.comparingByValue())
                .map(line -> line(line.getKey()))
                .orElse("");
    }

    private Policy policy(String name) {
        LabelPattern label = one(
                name,
                choice(name, "label", LabelPattern.Exact::new),
                choice(name, "label-prefix", LabelPattern.Prefix::new),
                choice(name, "label-suffix", LabelPattern.Suffix::new),
                "label, label-prefix and label-suffix");
        PartitionChoice byNumber = choice(name, "partition", text -> new PartitionChoice.ByNumber(integer(text)));
        PartitionChoice byGuid =
                choice(name, "partition-guid", text -> new PartitionChoice.ByGuid(UUID.fromString(text)));
        PartitionChoice byName = choice(name, "partition-name", PartitionChoice.ByName::new);
        PartitionChoice byType = choice(name, "partition-type", PartitionChoice.ByType::new);
        PartitionChoice partition = one(
                name,
                byNumber == null ? byGuid : byNumber,
                byName,
                byType,
                "partition, partition-name, partition-type and partition-guid");
        if (byNumber != null && byGuid != null) {
            throw new IllegalArgumentException("'" + name + "': partition and partition-guid together");
        }
        return Policy.of(name, label, partition)
                .writeable(flag(name, "writeable"))
                .shared(flag(name, "shared"))
                .sessions(number(name, "sessions"))
                .weight(number(name, "weight"))
                .priority(priority(name))
                .limits(new Limits(
                        rate(name, "read-iops"),
                        rate(name, "read-bytes"),
                        rate(name, "write-iops"),
                        rate(name, "write-bytes")));
    }

    private <T> T one(String name, @Nullable T first, @Nullable T second, @Nullable T third, String keys) {
        T found = null;
        int count = 0;
        for (int i = 0; i < 3; i++) {
            T choice = i == 0 ? first : i == 1 ? second : third;
            if (choice != null) {
                found = choice;
                count++;
            }
        }
        if (found == null || count > 1) {
            throw new IllegalArgumentException("'" + name + "': one of " + keys + " must be given, there are " + count);
        }
        return found;
    }

    /** What a key says, which is then done with; null when it is not there. */
    private <T> @Nullable T choice(String name, String key, Function<String, T> meaning) {
        String text = values.remove(name + "." + key);
        if (text == null) {
            return null;
        }
        try {
            return meaning.apply(text);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(
                    line(name + "." + key) + "'" + name + "." + key + " = " + text + "': " + wrong.getMessage(), wrong);
        }
    }

    private boolean flag(String name, String key) {
        Boolean value = choice(name, key, text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("expected true or false");
        });
        return value != null && value;
    }

    private Priority priority(String name) {
        Priority value = choice(name, "priority", text -> switch (text) {
            case "urgent" -> Priority.URGENT;
            case "high" -> Priority.HIGH;
            case "medium" -> Priority.MEDIUM;
            case "low" -> Priority.LOW;
            default -> throw new IllegalArgumentException("expected urgent, high, medium or low");
        });
        return value == null ? Priority.MEDIUM : value;
    }

    private int number(String name, String key) {
        Integer value = choice(name, key, PolicyProperties::integer);
        return value == null ? 1 : value;
    }

    private static int integer(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a number", e);
        }
    }

    private Rate rate(String name, String key) {
        Long perSecond = choice(name, key, PolicyProperties::amount);
        Long burst = choice(name, key + "-burst", PolicyProperties::amount);
        if (perSecond == null) {
            if (burst != null) {
                throw new IllegalArgumentException(line(name + "." + key + "-burst") + "'" + name + "." + key
                        + "-burst': there is no limit for a burst; give " + key + " too");
            }
            return Rate.unlimited();
        }
        Rate rate = Rate.perSecond(perSecond);
        return burst == null ? rate : rate.burst(burst);
    }

    private static long amount(String text) {
        int unit = text.isEmpty() ? -1 : UNITS.indexOf(Character.toUpperCase(text.charAt(text.length() - 1)));
        String digits = unit < 0 ? text : text.substring(0, text.length() - 1);
        try {
            long value = Math.multiplyExact(Long.parseLong(digits.strip()), 1L << (10 * (unit + 1)));
            if (value > 0) {
                return value;
            }
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException("expected a number, perhaps with K, M, G or T", e);
        }
        throw new IllegalArgumentException("expected more than 0; leave it out for no limit");
    }
}
