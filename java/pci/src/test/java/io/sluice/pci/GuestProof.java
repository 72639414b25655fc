package io.sluice.pci;

import io.sluice.linux.DriverBindingException;
import io.sluice.linux.DriverOverride;
import io.sluice.linux.KernelNvme;
import io.sluice.linux.PciDevice;
import io.sluice.linux.PciDirectory;
import io.sluice.linux.ResourceLimit;
import io.sluice.pci.PciSetupException.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@link VfioFunction} on a real kernel, in the guest. Prints what it found and ends with an exception at the first thing that is
 * not as it should be. As root: {@code alone ADDRESS} for a drive with an IOMMU group of its own, {@code pair ADDRESS
 * ADDRESS} for two in one group, {@code unprotected ADDRESS} in a machine without IOMMU. As a user without privileges, with the
 * drive bound to vfio-pci: {@code refused ADDRESS PROBLEM}.
 */
final class GuestProof {
    private static final int CYCLES = Integer.getInteger("cycles", 1000);
    private static final DriverOverride DRIVERS = new DriverOverride(Path.of("/"));

    private GuestProof() {}

    public static void main(String[] arguments) throws Exception {
        PciAddress address = PciAddress.parse(arguments[1]).orElseThrow();
        switch (arguments[0]) {
            case "alone" -> functionAlone(address);
            case "pair" -> {
                neighboursShareAGroup(address, PciAddress.parse(arguments[2]).orElseThrow());
                functionIsGivenBackOnRequest(address);
            }
            case "refused" -> refusalIsExplained(address, Problem.valueOf(arguments[2]));
            case "unprotected" -> unprotectedFunctionWorks(address);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.out.println("PROVEN: " + arguments[0]);
    }

    private static void functionAlone(PciAddress address) throws Exception {
        for (PciDevice device : PciDirectory.ofSysfs(Path.of("/")).devices()) {
            System.out.println(device);
        }
        System.out.println(new KernelNvme(Path.of("/")).controller(address.toString()));
        unboundFunctionIsRefused(address);
        long begin = System.nanoTime();
        DRIVERS.bind(address.toString(), "vfio-pci");
        System.out.println("bound after " + millisSince(begin) + " ms");
        for (VfioOptions.Access access : VfioOptions.Access.values()) {
            if (access == VfioOptions.Access.CHARACTER_DEVICE && !Files.exists(Path.of("/dev/iommu"))) {
                System.out.println("could not run here: CHARACTER_DEVICE, there is no /dev/iommu");
                continue;
            }
            System.out.println("== " + access);
            VfioOptions options = VfioOptions.defaults().withAccess(access);
            functionWorks(address, options);
            secondOpeningIsRefused(address, options);
            cyclesLeaveNothing(address, options);
        }
        tooManyMappingsAreExplained(address);
        begin = System.nanoTime();
        System.out.println(ResourceLimit.of(ResourceLimit.Resource.LOCKED_MEMORY));
        System.out.println("first call by jnr-ffi: " + millisSince(begin) + " ms");
        System.out.println("released to " + DRIVERS.release(address.toString()));
    }

    private static void tooManyMappingsAreExplained(PciAddress address) throws IOException {
        Path limit = Path.of("/sys/module/vfio_iommu_type1/parameters/dma_entry_limit");
        String before = Files.readString(limit);
        Files.writeString(limit, "2");
        try (VfioFunction function =
                VfioFunction.open(address, VfioOptions.defaults().withAccess(VfioOptions.Access.GROUP))) {
            function.allocate(4096);
            DmaMemory second = function.allocate(4096);
            try {
                function.allocate(4096);
                throw new AssertionError("a third mapping was made");
            } catch (PciSetupException exception) {
                System.out.println(exception.getMessage());
                check(exception.problem() == Problem.TOO_MANY_MAPPINGS, exception.problem());
            }
            second.close();
            check(function.allocate(4096).deviceAddress() == second.deviceAddress(), "the address is free again");
        } finally {
            Files.writeString(limit, before);
        }
    }

    /** Without an IOMMU: refused at first, then with VFIO's no-IOMMU mode on, which needs huge pages. */
    private static void unprotectedFunctionWorks(PciAddress address) throws IOException {
        try {
            DRIVERS.bind(address.toString(), "vfio-pci");
            throw new AssertionError("bound without an IOMMU");
        } catch (DriverBindingException exception) {
            System.out.println(exception.getMessage());
        }
        check(
                PciDirectory.ofSysfs(Path.of("/"))
                        .find(address.toString())
                        .orElseThrow()
                        .driver()
                        .isPresent(),
                "given back");
        Path mode = Path.of("/sys/module/vfio/parameters/enable_unsafe_noiommu_mode");
        if (!Files.exists(mode)) {
            System.out.println("could not run here: no-IOMMU mode, this kernel is built without CONFIG_VFIO_NOIOMMU");
            return;
        }
        Files.writeString(mode, "1");
        DRIVERS.bind(address.toString(), "vfio-pci");
        refusalIsExplained(address, Problem.NO_IOMMU);
        VfioOptions unsafe = VfioOptions.defaults().withUnsafeWithoutIommu(true);
        try (VfioFunction function = VfioFunction.open(address, unsafe)) {
            try {
                function.allocate(4096);
                throw new AssertionError("memory without huge pages");
            } catch (PciSetupException exception) {
                System.out.println(exception.getMessage());
                check(exception.problem() == Problem.NO_MEMORY, exception.problem());
            }
            Files.writeString(Path.of("/proc/sys/vm/nr_hugepages"), "4");
            DmaMemory memory = function.allocate(4096);
            System.out.printf("DMA 0x%x %d bytes%n", memory.deviceAddress(), memory.size());
            check(memory.deviceAddress() != 0 && memory.deviceAddress() % (2 << 20) == 0, "physical address");
            try {
                function.allocate(4 << 20);
                throw new AssertionError("4 MiB in one piece");
            } catch (PciSetupException exception) {
                System.out.println(exception.getMessage());
                check(exception.problem() == Problem.NO_MEMORY, exception.problem());
            }
        }
        System.out.println("released to " + DRIVERS.release(address.toString()));
    }

    private static void unboundFunctionIsRefused(PciAddress address) throws IOException {
        try (VfioFunction function = VfioFunction.open(address, VfioOptions.defaults())) {
            throw new AssertionError(function + " was opened under the kernel's driver");
        } catch (PciSetupException exception) {
            System.out.println(exception.getMessage());
            check(exception.problem() == Problem.NOT_BOUND, exception.problem());
        }
    }

    private static void functionWorks(PciAddress address, VfioOptions options) throws Exception {
        long begin = System.nanoTime();
        VfioFunction function = VfioFunction.open(address, options);
        System.out.println("opened after " + millisSince(begin) + " ms");
        RegisterSpace bar = function.bar(0);
        long capabilities = bar.read64(0);
        int version = bar.read32(8);
        System.out.printf(
                "CAP 0x%016x VS 0x%08x config 0x%08x BAR0 %d bytes, interrupts %d%n",
                capabilities, version, function.config().read32(0), bar.size(), function.interruptCount());
        check((capabilities & 0xffff) != 0 && capabilities != -1, "CAP");
        check(version >= 0x10000 && version != -1, "VS");
        ByteBuffer mapped = bar.mapped(0, 4096);
        check(mapped != null && mapped.getInt(8) == version, "mapped VS");
        begin = System.nanoTime();
        for (int i = 0; i < 10_000; i++) {
            check(bar.read32(8) == version, "VS by message");
        }
        System.out.println("register read by message: " + (System.nanoTime() - begin) / 10_000 + " ns");
        begin = System.nanoTime();
        for (int i = 0; i < 10_000; i++) {
            check(mapped.getInt(8) == version, "VS by load");
        }
        System.out.println("register read by load: " + (System.nanoTime() - begin) / 10_000 + " ns");

        DmaMemory small = function.allocate(1);
        DmaMemory large = function.allocate(4 << 20);
        System.out.printf(
                "DMA 0x%x %d bytes, 0x%x %d bytes%n",
                small.deviceAddress(), small.size(), large.deviceAddress(), large.size());
        check(large.deviceAddress() % (2 << 20) == 0, "alignment");
        small.buffer().putInt(0, 42);
        ByteBuffer stale = small.buffer();
        small.close();
        small.close();
        check(stale.getInt(0) == 0, "closed memory reads as zero");

        List<Interrupt> interrupts = function.enableInterrupts(Math.min(4, function.interruptCount()));
        check(!interrupts.get(0).await(1_000_000), "no interrupt came");
        function.enableInterrupts(1);
        function.reset();
        check(bar.read32(8) == version, "VS after reset");
        check((function.config().read32(4) & 0x406) == 0x406, "command register after reset");
        check(!function.removalRequested(), "nobody wants it back");

        // Memory decoding off: what a function that is gone looks like. Loads would raise SIGBUS.
        int command = function.config().read32(4) & 0xffff;
        function.config().write32(4, command & ~2);
        for (int i = 0; i < 10_000; i++) {
            check(bar.read32(8) == -1 && bar.read64(0) == -1, "register of a function that is gone");
            bar.write32(0x14, 0);
        }
        function.config().write32(4, command);
        check(bar.read32(8) == version, "VS when it is back");

        ByteBuffer memory = large.buffer();
        function.close();
        function.close();
        check(bar.read32(8) == -1, "closed register reads all ones");
        check(function.config().read32(0) == -1, "closed configuration space reads all ones");
        bar.write32(0x14, 1);
        check(memory.getInt(0) == 0 && mapped.getInt(8) == 0, "closed memory is harmless");
        large.close();
        check(!function.removalRequested(), "closed");
    }

    private static void secondOpeningIsRefused(PciAddress address, VfioOptions options) throws IOException {
        try (VfioFunction first = VfioFunction.open(address, options)) {
            VfioFunction.open(address, options).close();
            throw new AssertionError("opened twice: " + first);
        } catch (PciSetupException exception) {
            System.out.println(exception.getMessage());
            check(exception.problem() == Problem.ALREADY_OPEN, exception.problem());
        }
    }

    /** For a user without privileges: what the opening, or 64 MiB of DMA memory, fails with. */
    private static void refusalIsExplained(PciAddress address, Problem expected) throws IOException {
        int before = mappings().size();
        try (VfioFunction function = VfioFunction.open(address, VfioOptions.defaults())) {
            function.allocate(64 << 20);
            throw new AssertionError(function + ": allowed");
        } catch (PciSetupException exception) {
            System.out.println(exception.getMessage());
            check(exception.problem() == expected, exception.problem());
        }
        System.out.println("mappings " + before + " -> " + mappings().size());
    }

    /** Two functions of one IOMMU group. */
    private static void neighboursShareAGroup(PciAddress one, PciAddress other) throws IOException {
        DRIVERS.bind(one.toString(), "vfio-pci");
        try (VfioFunction function = VfioFunction.open(one, VfioOptions.defaults())) {
            throw new AssertionError(function + " was opened beside a function of another driver");
        } catch (PciSetupException exception) {
            System.out.println(exception.getMessage());
            check(exception.problem() == Problem.GROUP_NOT_VIABLE, exception.problem());
        }
        DRIVERS.bind(other.toString(), "vfio-pci");
        long descriptors = entries("/proc/self/fd");
        VfioFunction first = VfioFunction.open(one, VfioOptions.defaults());
        VfioFunction second = VfioFunction.open(other, VfioOptions.defaults());
        DmaMemory memory = first.allocate(4096);
        check(memory.deviceAddress() != second.allocate(4096).deviceAddress(), "one address for two pieces of memory");
        first.close();
        check(second.bar(0).read32(8) != -1, "the second function answers after the first was closed");
        second.allocate(8192).close();
        VfioFunction.open(one, VfioOptions.defaults()).close();
        second.close();
        check(entries("/proc/self/fd") == descriptors, "descriptors");
        System.out.println("two functions of a group were open together");
    }

    private static void functionIsGivenBackOnRequest(PciAddress address) throws Exception {
        VfioFunction function = VfioFunction.open(address, VfioOptions.defaults());
        check(!function.removalRequested(), "removal requested");
        Thread administrator = new Thread(() -> {
            try {
                Files.writeString(Path.of("/sys/bus/pci/devices/" + address + "/remove"), "1");
            } catch (IOException exception) {
                throw new AssertionError(exception);
            }
        });
        administrator.start();
        long begin = System.nanoTime();
        while (!function.removalRequested()) {
            Thread.sleep(5);
            check(millisSince(begin) < 30_000, "removal was announced");
        }
        System.out.println("removal announced after " + millisSince(begin) + " ms");
        check(administrator.isAlive(), "the removal waits");
        function.close();
        administrator.join(30_000);
        check(!administrator.isAlive(), "the removal went on");
        check(!Files.exists(Path.of("/sys/bus/pci/devices/" + address)), "the function is gone");
        try (VfioFunction again = VfioFunction.open(address, VfioOptions.defaults())) {
            throw new AssertionError(again + " is gone");
        } catch (PciSetupException exception) {
            System.out.println(exception.getMessage());
            check(exception.problem() == Problem.NO_SUCH_FUNCTION, exception.problem());
        }
    }

    private static void cyclesLeaveNothing(PciAddress address, VfioOptions options) throws Exception {
        cycle(address, options);
        System.gc();
        Thread.sleep(500);
        long descriptors = entries("/proc/self/fd");
        long mappings = mappings().size();
        String pinned = status("VmPin:") + " " + status("VmLck:");
        long begin = System.nanoTime();
        for (int i = 0; i < CYCLES; i++) {
            cycle(address, options);
        }
        long millis = millisSince(begin);
        System.gc();
        Thread.sleep(1000);
        System.out.printf(
                "%d cycles in %d ms: descriptors %d -> %d, mappings %d -> %d, %s -> %s %s%n",
                CYCLES,
                millis,
                descriptors,
                entries("/proc/self/fd"),
                mappings,
                mappings().size(),
                pinned,
                status("VmPin:"),
                status("VmLck:"));
        long named = mappings().stream()
                .filter(line -> line.contains("memfd:sluice") || line.contains("vfio"))
                .count();
        check(entries("/proc/self/fd") == descriptors, "descriptors");
        check(named == 0, named + " mappings of ours are left");
    }

    private static void cycle(PciAddress address, VfioOptions options) throws IOException {
        try (VfioFunction function = VfioFunction.open(address, options)) {
            check(function.bar(0).read32(8) != -1, "VS");
            function.allocate(8192);
            function.allocate(2 << 20);
            function.enableInterrupts(2);
        }
    }

    private static long entries(String directory) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            return files.count();
        }
    }

    private static List<String> mappings() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps"));
    }

    private static String status(String key) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith(key))
                    .findFirst()
                    .orElse(key + " ?")
                    .replaceAll("\\s+", " ");
        }
    }

    private static long millisSince(long begin) {
        return (System.nanoTime() - begin) / 1_000_000;
    }

    private static void check(boolean holds, Object what) {
        if (!holds) {
            throw new AssertionError("not so: " + what);
        }
    }
}
