package io.sluice.cli;

import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.IdentifyController;
import io.sluice.nvme.NvmeController;
import io.sluice.nvme.SmartLog;
import io.sluice.vfs.DeviceOpener;
import io.sluice.vfs.OpenedDevice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/** Opens for {@code java.nio.file} what the commands call a DEVICE, so that {@code sluice:03:00.0!/p1} is a path for every program that has this jar on its class path. */
public final class NamedDevices implements DeviceOpener {
    /** For {@link java.util.ServiceLoader}. */
    public NamedDevices() {}

    @Override
    public @Nullable OpenedDevice open(String name) throws IOException {
        DeviceName device;
        try {
            device = DeviceNameParser.parse(name);
        } catch (TypeConversionException unknown) {
            throw new IOException(unknown.getMessage(), unknown);
        }
        if (device instanceof DeviceName.KernelFile || device instanceof DeviceName.Partition) {
            return OpenedDevice.of(new AllDevices(new ControllerDevices(), new UringDevices(note -> {})).open(device));
        }
        NvmeController controller = NvmeController.open(Functions.open(device), ControllerOptions.defaults());
        try {
            return new OpenedDevice(
                    new OwnedDevice(controller.namespace(device.namespace()), controller), () -> facts(controller));
        } catch (IOException failure) {
            try {
                controller.close();
            } catch (IOException second) {
                failure.addSuppressed(second);
            }
            throw failure;
        }
    }

    private static Map<String, Object> facts(NvmeController controller) {
        try {
            IdentifyController identify = controller.identify();
            SmartLog smart = controller.smartLog();
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("model", identify.modelNumber());
            facts.put("serial", identify.serialNumber());
            facts.put("firmware", identify.firmwareRevision());
            facts.put("criticalWarning", smart.criticalWarning());
            facts.put("temperatureCelsius", smart.temperatureCelsius());
            facts.put("availableSparePercent", smart.availableSparePercent());
            facts.put("usedPercent", smart.usedPercent());
            facts.put("powerOnHours", smart.powerOnHours());
            facts.put("mediaErrors", smart.mediaErrors());
            return facts;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
