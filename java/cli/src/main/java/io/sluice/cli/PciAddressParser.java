package io.sluice.cli;

import io.sluice.pci.PciAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads ADDRESS: a whole PCI function. */
final class PciAddressParser implements ITypeConverter<PciAddress> {
    @Override
    public PciAddress convert(String text) {
        return PciAddress.parse(text)
                .orElseThrow(() -> new TypeConversionException(
                        "'" + text + "' is no PCI address: expected one such as 0000:03:00.0 or 03:00.0"));
    }
}
