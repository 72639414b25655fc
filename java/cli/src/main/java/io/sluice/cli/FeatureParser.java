package io.sluice.cli;

import io.sluice.nvme.Feature;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads FEATURE: a name such as {@code volatile-write-cache}, or its number in the specification, such as {@code 6} or {@code 0x06}. */
final class FeatureParser implements ITypeConverter<Feature> {
    @Override
    public Feature convert(String text) {
        for (Feature feature : Feature.values()) {
            if (!feature.transfersData() && (name(feature).equals(text) || feature.id() == number(text))) {
                return feature;
            }
        }
        throw new TypeConversionException("'" + text + "' is no feature that can be read here; there are " + names());
    }

    private static int number(String text) {
        try {
            return Integer.decode(text);
        } catch (NumberFormatException name) {
            return -1;
        }
    }

    static String name(Feature feature) {
        return feature.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String names() {
        return Arrays.stream(Feature.values())
                .filter(feature -> !feature.transfersData())
                .map(feature -> name(feature) + " (" + feature.id() + ")")
                .collect(Collectors.joining(", "));
    }
}
