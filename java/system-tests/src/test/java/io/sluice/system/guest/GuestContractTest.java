package io.sluice.system.guest;

import io.sluice.system.drives.DriveModel;
import io.sluice.system.guest.GuestScripts.Drive;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** The driver's contracts, over VFIO in guests: a fresh guest for each group of controllers. */
class GuestContractTest {
    private static final List<Class<?>> CONTRACTS = List.of(
            VfioLifecycle.class,
            VfioIdentity.class,
            VfioTransfer.class,
            VfioMemory.class,
            VfioQueue.class,
            VfioRefusal.class,
            VfioRandom.class,
            VfioEvent.class,
            VfioInterrupt.class);

    @TestFactory
    Stream<DynamicNode> blocksAndNamespaces() {
        return GuestGroup.of(
                CONTRACTS, drives(DriveModel.BLOCKS_512, DriveModel.BLOCKS_4096, DriveModel.TWO_NAMESPACES));
    }

    @TestFactory
    Stream<DynamicNode> transfers() {
        return GuestGroup.of(
                CONTRACTS,
                drives(DriveModel.MDTS_0, DriveModel.MDTS_1, DriveModel.MDTS_9, DriveModel.SCATTER_GATHER_LISTS));
    }

    @TestFactory
    Stream<DynamicNode> queues() {
        return GuestGroup.of(
                CONTRACTS, drives(DriveModel.ONE_QUEUE_PAIR, DriveModel.SMALL_QUEUES, DriveModel.ONE_VECTOR));
    }

    @TestFactory
    Stream<DynamicNode> memoryAndSize() {
        return GuestGroup.of(
                CONTRACTS, drives(DriveModel.CONTROLLER_MEMORY_BUFFER, DriveModel.HUGE, DriveModel.DOORBELL_REGISTERS));
    }

    @TestFactory
    Stream<DynamicNode> files() {
        return GuestGroup.of(
                List.of(VfioFiles.class), drives(DriveModel.BLOCKS_512, DriveModel.BLOCKS_4096, DriveModel.MDTS_1));
    }

    private static List<Drive> drives(DriveModel... models) {
        return IntStream.range(0, models.length)
                .mapToObj(i -> new Drive(models[i], 4 + i))
                .toList();
    }
}
