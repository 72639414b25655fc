package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VfioDevicesTest {
    @ParameterizedTest
    @ValueSource(strings = {"emulated:", "vfio-user:/run/s", "file:/tmp/x", "/dev/nvme0n1"})
    void whatIsNotBuiltYetSaysWhatIs(String name) {
        assertThatThrownBy(() -> new VfioDevices().open(DeviceNameParser.parse(name)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot open " + name + ": this version opens a PCI address");
    }
}
