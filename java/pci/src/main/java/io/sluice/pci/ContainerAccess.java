package io.sluice.pci;

import io.sluice.linux.MemoryRange;
import io.sluice.linux.PciDevice;
import io.sluice.linux.VfioContainer;
import io.sluice.linux.VfioDevice;
import io.sluice.linux.VfioGroup;
import io.sluice.pci.PciSetupException.Problem;
import java.io.IOException;
import java.nio.file.Path;

/** A group by VFIO's group and container interface ({@code linux/vfio.h}). */
final class ContainerAccess implements GroupAccess {
    private final VfioContainer container;
    private final VfioGroup group;
    private final DmaSpace dma;
    private final SetupAdvice advice;

    private ContainerAccess(VfioContainer container, VfioGroup group, DmaSpace dma, SetupAdvice advice) {
        this.container = container;
        this.group = group;
        this.dma = dma;
        this.advice = advice;
    }

    /** Opens the group of a function. */
    static ContainerAccess open(PciDevice function, VfioNodes nodes, boolean withIommu, SetupAdvice advice)
            throws IOException {
        int number = function.iommuGroup().orElseThrow();
        Path node = withIommu ? nodes.group(number) : nodes.groupWithoutIommu(number);
        VfioContainer container = advice.explaining(
                nodes.container(), () -> VfioContainer.open(nodes.container().toString()));
        try {
            VfioGroup group = advice.explaining(node, () -> VfioGroup.open(node.toString()));
            try {
                if (!advice.explaining(node, group::viable)) {
                    throw advice.notViable(number);
                }
                DmaSpace dma = advice.explaining(
                        node,
                        () -> withIommu
                                ? translated(function.address(), container, group)
                                : physical(function.address(), container, group, nodes));
                return new ContainerAccess(container, group, dma, advice);
            } catch (IOException exception) {
                group.close();
                throw exception;
            }
        } catch (IOException exception) {
            container.close();
            throw exception;
        }
    }

    private static DmaSpace translated(String function, VfioContainer container, VfioGroup group) throws IOException {
        if (!container.supports(VfioContainer.TYPE1_V2)) {
            throw new PciSetupException(
                    Problem.NO_VFIO,
                    function + ": this kernel's VFIO has no type 1 IOMMU; load its module: modprobe vfio_iommu_type1");
        }
        group.attach(container);
        container.setIommu(VfioContainer.TYPE1_V2);
        TranslatedDma.Table table = new TranslatedDma.Table() {
            @Override
            public void map(MemoryRange memory, long iova) throws IOException {
                container.map(memory, iova);
            }

            @Override
            public void unmap(long iova, long bytes) throws IOException {
                container.unmap(iova, bytes);
            }
        };
        return new TranslatedDma(function, table, container.info());
    }

    private static DmaSpace physical(String function, VfioContainer container, VfioGroup group, VfioNodes nodes)
            throws IOException {
        group.attach(container);
        container.setIommu(VfioContainer.NO_IOMMU);
        return new PhysicalDma(function, nodes.root().resolve("proc/self/pagemap"));
    }

    @Override
    public VfioDevice open(String address) throws IOException {
        return advice.explaining(Path.of(address), () -> group.device(address));
    }

    @Override
    public DmaSpace dma() {
        return dma;
    }

    @Override
    public void close() {
        group.close();
        container.close();
    }
}
