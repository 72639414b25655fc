package io.sluice.emulator;

import io.sluice.nvme.contract.ControllerSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** One of each shape. */
public final class EmulatedControllers implements ControllerSource {
    @Override
    public List<EmulatedShape.Lab> labs() {
        List<EmulatedShape.Lab> labs = new ArrayList<>();
        for (EmulatedShape shape : EmulatedShape.values()) {
            try {
                labs.add(new EmulatedShape.Lab(shape, shape.build()));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return labs;
    }
}
