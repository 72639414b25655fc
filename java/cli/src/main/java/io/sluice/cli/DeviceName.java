package io.sluice.cli;

import io.sluice.nvme.ControllerOptions;
import io.sluice.pci.PciAddress;
import io.sluice.uring.UringOptions;
import java.nio.file.Path;

/** A device as its user names it; {@link DeviceNameParser} reads it, {@link Devices} opens it. */
sealed interface DeviceName {
    /** What help texts say of it. */
    String GRAMMAR =
            "a PCI address such as 0000:03:00.0 or 03:00.0, emulated:[PATH|size=SIZE][,NAME=VALUE...] for a controller in"
                    + " this process, or vfio-user:SOCKET for one that another process serves, with /nN for a namespace other"
                    + " than 1 and @OPTION=VALUE[,...] for what the driver is to use of it; or, over io_uring, file:PATH and"
                    + " nodes of the kernel such as /dev/nvme0n1 or /dev/ng0n1, with ,sqpoll or ,iopoll behind it to have a"
                    + " thread of the kernel look for operations, or this process at the device for completions; /pN"
                    + " behind all of that for partition N (0: all of a device without a table), /pN,mediated as a mediator"
                    + " hands it out, /pN,copying the same over a multiplexer that copies";

    /** Which namespace of it; 1 for what has no namespaces. */
    int namespace();

    /** The same without the namespace: names with the same controller mean namespaces of one. */
    String controller();

    /** An NVMe function of this machine, reached over VFIO. */
    record Pci(PciAddress address, int namespace) implements DeviceName {
        @Override
        public String controller() {
            return address.toString();
        }

        @Override
        public String toString() {
            return address + "/n" + namespace;
        }
    }

    /** A controller in this process. */
    record Emulated(String parameters, int namespace) implements DeviceName {
        @Override
        public String controller() {
            return "emulated:" + parameters;
        }

        @Override
        public String toString() {
            return controller() + (namespace == 1 ? "" : "/n" + namespace);
        }
    }

    /** A controller behind a vfio-user socket. */
    record VfioUser(Path socket, int namespace) implements DeviceName {
        @Override
        public String controller() {
            return "vfio-user:" + socket;
        }

        @Override
        public String toString() {
            return controller() + (namespace == 1 ? "" : "/n" + namespace);
        }
    }

    /**
     * A file, or a block device of the kernel.
     *
     * @param submissionPolling {@code ,sqpoll}: see {@link UringOptions#submissionPolling}
     * @param devicePolling {@code ,iopoll}: see {@link UringOptions#devicePolling}
     */
    record KernelFile(Path path, boolean submissionPolling, boolean devicePolling) implements DeviceName {
        static final String SQPOLL = ",sqpoll";
        static final String IOPOLL = ",iopoll";

        /** Without polling. */
        KernelFile(Path path) {
            this(path, false, false);
        }

        /** How to open it. */
        UringOptions options() {
            return UringOptions.defaults().submissionPolling(submissionPolling).devicePolling(devicePolling);
        }

        @Override
        public int namespace() {
            return 1;
        }

        @Override
        public String controller() {
            return toString();
        }

        @Override
        public String toString() {
            return (path.startsWith("/dev") ? path.toString() : "file:" + path)
                    + (submissionPolling ? SQPOLL : "")
                    + (devicePolling ? IOPOLL : "");
        }
    }

    /**
     * A controller that is to be opened with options.
     *
     * @param device which one
     * @param text the options as {@link DriverOptions} reads them
     */
    record Tuned(DeviceName device, String text) implements DeviceName {
        ControllerOptions options() {
            return DriverOptions.parse(text);
        }

        @Override
        public int namespace() {
            return device.namespace();
        }

        @Override
        public String controller() {
            return device.controller() + "@" + text;
        }

        @Override
        public String toString() {
            return device + "@" + text;
        }
    }

    /** How a partition is reached. */
    enum Handing {
        /** A window on the device, which this process has to itself. */
        WINDOW(""),
        /** As a mediator hands it out. */
        MEDIATED(",mediated"),
        /** As a mediator of a multiplexer hands it out that copies. */
        COPYING(",copying");

        private final String suffix;

        Handing(String suffix) {
            this.suffix = suffix;
        }

        /** What stands behind a partition's number. */
        String suffix() {
            return suffix;
        }

        /** What a text ends with. */
        static Handing of(String text) {
            return text.endsWith(MEDIATED.suffix) ? MEDIATED : text.endsWith(COPYING.suffix) ? COPYING : WINDOW;
        }
    }

    /** A partition of what another name names. */
    record Partition(DeviceName whole, int number, Handing handing) implements DeviceName {
        /** A window. */
        Partition(DeviceName whole, int number) {
            this(whole, number, Handing.WINDOW);
        }

        @Override
        public int namespace() {
            return whole.namespace();
        }

        @Override
        public String controller() {
            return whole.controller();
        }

        @Override
        public String toString() {
            return whole + "/p" + number + handing.suffix();
        }
    }
}
