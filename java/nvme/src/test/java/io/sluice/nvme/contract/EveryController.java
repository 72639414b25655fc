package io.sluice.nvme.contract;

import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** The controllers of the running class's source. */
final class EveryController implements ArgumentsProvider {
    @Override
    public Stream<? extends Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context)
            throws ReflectiveOperationException {
        Class<?> test = context.getRequiredTestClass();
        ControllersFrom from = test.getAnnotation(ControllersFrom.class);
        if (from == null) {
            throw new IllegalStateException(test + " does not say by @ControllersFrom where its controllers come from");
        }
        return from.value().getDeclaredConstructor().newInstance().labs().stream()
                .map(Arguments::of);
    }
}
