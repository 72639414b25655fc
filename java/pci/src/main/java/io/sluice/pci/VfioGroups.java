package io.sluice.pci;

import io.sluice.linux.PciDevice;
import io.sluice.linux.PciDirectory;
import io.sluice.linux.VfioDevice;
import io.sluice.pci.PciSetupException.Problem;
import io.sluice.pci.VfioOptions.Access;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The IOMMU groups that this process has open. The kernel hands a group out once, and its functions share one DMA space; so the
 * second function of a group joins what the first one opened, and the last one closes it.
 */
final class VfioGroups {
    /** The groups of this process; the kernel's rule is per process too. */
    static final VfioGroups OF_THIS_PROCESS = new VfioGroups();

    private final Map<Integer, Shared> groups = new HashMap<>();

    /** A function that is open, with its group's DMA space. Closing it closes the device. */
    final class Member implements Closeable {
        private final Shared group;
        private final String address;
        private final VfioDevice device;

        private Member(Shared group, String address, VfioDevice device) {
            this.group = group;
            this.address = address;
            this.device = device;
        }

        VfioDevice device() {
            return device;
        }

        DmaSpace dma() {
            return group.access.dma();
        }

        /**
         * Only once, and after all mappings of the device were closed.
         *
         * <p>The group goes before its last device: the kernel keeps it until that one is closed and then takes both back in one
         * call. The other way round an unbind that waits for the device (see {@link PciFunction#removalRequested}) goes on while the
         * group is still attached to its IOMMU domain, and Linux 6.1 then dereferences a null pointer.
         */
        @Override
        public void close() {
            synchronized (VfioGroups.this) {
                group.members.remove(address);
                releaseIfEmpty(group);
                device.close();
            }
        }
    }

    private static final class Shared {
        private final int number;
        private final GroupAccess access;
        private final Access kind;
        private final Set<String> members = new HashSet<>();

        Shared(int number, GroupAccess access, Access kind) {
            this.number = number;
            this.access = access;
            this.kind = kind;
        }
    }

    synchronized Member open(PciDevice function, PciDirectory directory, VfioNodes nodes, VfioOptions options)
            throws IOException {
        int number = function.iommuGroup().orElseThrow();
        String address = function.address();
        Shared group = groups.get(number);
        if (group == null) {
            group = openGroup(number, function, directory, nodes, options);
            groups.put(number, group);
        } else if (group.members.contains(address)) {
            throw new PciSetupException(
                    Problem.ALREADY_OPEN,
                    address + ": this process has it open already; close the other VfioFunction first, or share it");
        } else if (options.access() != Access.AUTOMATIC && options.access() != group.kind) {
            throw new PciSetupException(
                    Problem.ALREADY_OPEN,
                    address + ": this process has " + group.members + " of the same IOMMU group open by the interface "
                            + group.kind + ", and a group has one; ask for that one");
        }
        try {
            Member member = new Member(group, address, group.access.open(address));
            group.members.add(address);
            return member;
        } finally {
            releaseIfEmpty(group);
        }
    }

    private void releaseIfEmpty(Shared group) {
        if (group.members.isEmpty()) {
            group.access.close();
            groups.remove(group.number);
        }
    }

    private static Shared openGroup(
            int number, PciDevice function, PciDirectory directory, VfioNodes nodes, VfioOptions options)
            throws IOException {
        SetupAdvice advice = new SetupAdvice(function.address(), directory);
        boolean withIommu = !Files.exists(nodes.groupWithoutIommu(number));
        if (!withIommu && !options.unsafeWithoutIommu()) {
            throw new PciSetupException(
                    Problem.NO_IOMMU,
                    function.address()
                            + ": no IOMMU confines its DMA (VFIO's no-IOMMU mode is on); switch the IOMMU on in the"
                            + " firmware and boot with intel_iommu=on, or accept that a fault overwrites memory of other"
                            + " programs: VfioOptions.withUnsafeWithoutIommu(true)");
        }
        boolean newer = withIommu
                && Files.exists(nodes.iommufd())
                && nodes.characterDevice(function.address()).isPresent();
        if (options.access() == Access.CHARACTER_DEVICE || (options.access() == Access.AUTOMATIC && newer)) {
            return new Shared(number, IommufdAccess.open(nodes, advice), Access.CHARACTER_DEVICE);
        }
        return new Shared(number, ContainerAccess.open(function, nodes, withIommu, advice), Access.GROUP);
    }
}
