package io.sluice.partition;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * All policies of a mediator. Of those that match a label the most precise one counts: one for exactly this label, else the one with the longest text.
 * Immutable.
 */
public final class Policies {
    private final List<Policy> policies;

    private Policies(List<Policy> policies) {
        this.policies = List.copyOf(policies);
        Map<LabelPattern, Policy> byLabel = new HashMap<>();
        for (Policy policy : policies) {
            Policy other = byLabel.putIfAbsent(policy.label(), policy);
            if (other != null) {
                throw new IllegalArgumentException("policies '" + other.name() + "' and '" + policy.name()
                        + "' are for the same labels: " + policy.label());
            }
        }
    }

    /**
     * Policies, in any order.
     *
     * @throws IllegalArgumentException when two are for the same labels
     */
    public static Policies of(Policy... policies) {
        return new Policies(List.of(policies));
    }

    /** See {@link #of(Policy...)}. */
    public static Policies of(List<Policy> policies) {
        return new Policies(policies);
    }

    /**
     * Policies of a properties file: the first part of each key is the name of a policy, the rest one of
     *
     * <ul>
     *   <li>{@code label}, {@code label-prefix} or {@code label-suffix}: who it is for;
     *   <li>{@code partition} (its number), {@code partition-name}, {@code partition-type} (see {@link PartitionChoice.ByType}) or {@code partition-guid}: what they get;
     *   <li>{@code writeable}, {@code shared}: true or false, false when not given;
     *   <li>{@code sessions}, {@code weight}: numbers, 1 when not given;
     *   <li>{@code priority}: urgent, high, medium or low, medium when not given;
     *   <li>{@code read-iops}, {@code read-bytes}, {@code write-iops}, {@code write-bytes}: most a second, and with {@code -burst} after it most at once; a number may end
     *       with K, M, G or T, each 1024 times the one before.
     * </ul>
     *
     * @throws IllegalArgumentException when it says something else, or a key twice: the message names file, line and key
     */
    public static Policies read(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file)) {
            PropertyLines lines = PropertyLines.read(reader);
            return new Policies(new PolicyProperties(lines.values(), lines.lines()).policies());
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(file + ": " + wrong.getMessage(), wrong);
        }
    }

    /** The same of properties that were read already; messages name no lines then. */
    public static Policies of(Properties properties) {
        return new Policies(new PolicyProperties(properties, Map.of()).policies());
    }

    /** All of them. */
    public List<Policy> all() {
        return policies;
    }

    /**
     * The policy for a label; empty when there is none.
     *
     * @throws SessionDeniedException when two are equally precise
     */
    Optional<Policy> match(String device, String label) throws SessionDeniedException {
        List<Policy> best = new ArrayList<>();
        for (Policy policy : policies) {
            if (policy.label().matches(label)) {
                int order = best.isEmpty() ? 1 : Integer.compare(precision(policy), precision(best.get(0)));
                if (order > 0) {
                    best.clear();
                }
                if (order >= 0) {
                    best.add(policy);
                }
            }
        }
        if (best.size() > 1) {
            throw new SessionDeniedException(
                    device,
                    label,
                    "policies '" + best.get(0).name() + "' and '" + best.get(1).name()
                            + "' fit equally well; make one of them more precise");
        }
        return best.stream().findFirst();
    }

    private static int precision(Policy policy) {
        return policy.label() instanceof LabelPattern.Exact
                ? Integer.MAX_VALUE
                : policy.label().text().length();
    }
}
