package io.sluice.cli;

import io.sluice.nvme.ControllerOptions;
import io.sluice.pci.PciAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads DEVICE: {@code [DDDD:]BB:DD.F}, {@code emulated:PARAMETERS}, {@code vfio-user:SOCKET}, each with {@code /nN} and {@code
 * @OPTIONS} behind it where wanted; {@code file:PATH} and {@code /dev/...}, which have no namespaces, so that {@code file:/data/n1} is a file named n1. Behind all of them {@code
 * /pN} is a partition, with {@code ,mediated} or {@code ,copying} where wanted; {@code file:/data/p1} is one if {@code /data} is a file, which no file can be in.
 */
final class DeviceNameParser implements ITypeConverter<DeviceName> {
    private static final String EMULATED = "emulated:";
    private static final String VFIO_USER = "vfio-user:";
    private static final String FILE = "file:";
    private static final String DEV = "/dev/";

    @Override
    public DeviceName convert(String text) {
        return parse(text);
    }

    /** Reads a name. */
    static DeviceName parse(String text) throws TypeConversionException {
        int slash = text.lastIndexOf('/');
        DeviceName.Handing handing = DeviceName.Handing.of(text);
        String suffix = slash < 0
                ? ""
                : text.substring(
                        slash + 1,
                        Math.max(slash + 1, text.length() - handing.suffix().length()));
        boolean kernels = text.startsWith(FILE) || text.startsWith(DEV);
        if (isNumbered(suffix, 'p') && (!kernels || isNoDirectory(text.substring(0, slash)))) {
            return new DeviceName.Partition(whole(text.substring(0, slash), text), partition(text, suffix), handing);
        }
        return whole(text, text);
    }

    /**
     * Reads what is no partition.
     *
     * @param said what the user said, for messages
     */
    private static DeviceName whole(String text, String said) {
        if (text.startsWith(FILE)) {
            return kernelFile(required(text, FILE, "a path"), said);
        }
        if (text.startsWith(DEV)) {
            return kernelFile(text, said);
        }
        int at = text.lastIndexOf('@');
        if (at >= 0 && DriverOptions.isMeant(text.substring(at + 1))) {
            DeviceName.Tuned tuned = new DeviceName.Tuned(whole(text.substring(0, at), said), text.substring(at + 1));
            // What makes no sense is a mistake on the command line, and told as one.
            ControllerOptions ignored = tuned.options();
            return tuned;
        }
        int slash = text.lastIndexOf('/');
        String suffix = slash < 0 ? "" : text.substring(slash + 1);
        boolean named = isNumbered(suffix, 'n');
        String device = named ? text.substring(0, slash) : text;
        int namespace = named ? namespace(said, suffix) : 1;

        if (device.startsWith(EMULATED)) {
            String parameters = device.substring(EMULATED.length());
            // What makes no sense is a mistake on the command line, and told as one.
            EmulatedParameters ignored = EmulatedParameters.parse(parameters);
            return new DeviceName.Emulated(parameters, namespace);
        }
        if (device.startsWith(VFIO_USER)) {
            return new DeviceName.VfioUser(Path.of(required(device, VFIO_USER, "the path of a socket")), namespace);
        }
        Optional<PciAddress> address = PciAddress.parse(device);
        if (address.isEmpty()) {
            throw new TypeConversionException("'" + said + "' is no device: expected " + DeviceName.GRAMMAR);
        }
        return new DeviceName.Pci(address.get(), namespace);
    }

    /**
     * Whether the text names a device at all, and not a file: for dd, where both can stand. A file of such a name is reached by
     * a path ({@code ./03:00.0}).
     */
    static boolean looksLikeDevice(String text) {
        if (text.startsWith(EMULATED) || text.startsWith(VFIO_USER) || text.startsWith(FILE)) {
            return true;
        }
        int at = text.lastIndexOf('@');
        if (at >= 0 && DriverOptions.isMeant(text.substring(at + 1))) {
            return looksLikeDevice(text.substring(0, at));
        }
        int slash = text.indexOf('/');
        return PciAddress.parse(slash < 0 ? text : text.substring(0, slash)).isPresent();
    }

    private static String required(String text, String prefix, String what) {
        String rest = text.substring(prefix.length());
        if (rest.isEmpty() || rest.indexOf('\0') >= 0) {
            throw new TypeConversionException("'" + text + "' is no device: expected " + what + " after " + prefix);
        }
        return rest;
    }

    /** A path with {@code ,sqpoll} and {@code ,iopoll} behind it where wanted, in any order. */
    private static DeviceName kernelFile(String text, String said) {
        String path = pathOf(text);
        if (path.isEmpty()) {
            throw new TypeConversionException("'" + said + "' is no device: expected a path before its options");
        }
        String options = text.substring(path.length());
        return new DeviceName.KernelFile(
                Path.of(path),
                options.contains(DeviceName.KernelFile.SQPOLL),
                options.contains(DeviceName.KernelFile.IOPOLL));
    }

    /** What is left of a text without the options at its end. */
    private static String pathOf(String text) {
        String path = text;
        while (true) {
            int comma = path.lastIndexOf(',');
            String last = comma < 0 ? "" : path.substring(comma);
            if (!last.equals(DeviceName.KernelFile.SQPOLL) && !last.equals(DeviceName.KernelFile.IOPOLL)) {
                return path;
            }
            path = path.substring(0, comma);
        }
    }

    private static boolean isNoDirectory(String text) {
        String path = pathOf(text.startsWith(FILE) ? text.substring(FILE.length()) : text);
        return !path.isEmpty()
                && path.indexOf('\0') < 0
                && Files.exists(Path.of(path))
                && !Files.isDirectory(Path.of(path));
    }

    private static boolean isNumbered(String suffix, char letter) {
        if (suffix.length() < 2 || suffix.charAt(0) != letter) {
            return false;
        }
        for (int i = 1; i < suffix.length(); i++) {
            if (suffix.charAt(i) < '0' || suffix.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static int partition(String text, String suffix) {
        long number = suffix.length() > 11 ? -1 : Long.parseLong(suffix, 1, suffix.length(), 10);
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw new TypeConversionException("'" + text + "': " + suffix.substring(1) + " is no partition");
        }
        return (int) number;
    }

    private static int namespace(String text, String suffix) {
        // Ten digits and more do not fit; the identifiers 0 and 2^32-1 mean none and all.
        long number = suffix.length() > 11 ? 0 : Long.parseLong(suffix, 1, suffix.length(), 10);
        if (number < 1 || number > Integer.MAX_VALUE) {
            throw new TypeConversionException(
                    "'" + text + "': " + suffix.substring(1) + " is no namespace; they are numbered from 1");
        }
        return (int) number;
    }
}
