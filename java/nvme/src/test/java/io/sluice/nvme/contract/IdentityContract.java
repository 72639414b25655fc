package io.sluice.nvme.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.BlockSession;
import io.sluice.block.Geometry;
import io.sluice.block.Operation;
import io.sluice.nvme.CommandFailedException;
import io.sluice.nvme.ControllerException;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.Feature;
import io.sluice.nvme.NvmeController;
import io.sluice.nvme.NvmeNamespace;
import io.sluice.nvme.SglUse;
import io.sluice.nvme.SmartLog;
import java.io.IOException;
import java.util.List;

/** What the driver finds out about a controller: identify, logs, features. */
public abstract class IdentityContract {
    @OnEveryController
    void theControllerIsWhatItIsKnownToBe(ControllerLab lab) throws IOException {
        Shape shape = lab.shape();
        try (Drive drive = Drive.open(lab)) {
            NvmeController controller = drive.controller();
            assertThat(controller.identify().modelNumber()).isNotEmpty().doesNotEndWith(" ");
            assertThat(controller.identify().serialNumber()).isNotEmpty().doesNotEndWith(" ");
            assertThat(controller.ioQueuePairs()).isEqualTo(shape.ioQueuePairs());
            assertThat(controller.capabilities().maxQueueEntries()).isEqualTo(shape.maxQueueEntries());
            assertThat(controller.maxTransfer())
                    .isEqualTo(shape.maxTransferBytes() == 0 ? Integer.MAX_VALUE : shape.maxTransferBytes());
            assertThat(drive.function().interruptCount()).isEqualTo(shape.interrupts());
            assertThat(controller.capabilities().versionText()).matches("[1-9]\\.[0-9](\\.[0-9])?");
            assertThat(controller.removalRequested()).isFalse();
        }
    }

    @OnEveryController
    void whatIsOfferedAndWantedIsInUse(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab)) {
            NvmeController controller = drive.controller();
            ControllerOptions options = lab.shape().options();
            // A page holds all doorbells, or none is shadowed (section 5.7).
            long doorbells = 2L
                    * (controller.ioQueuePairs() + 1)
                    * controller.capabilities().doorbellStrideBytes();
            assertThat(controller.inUse().shadowDoorbells())
                    .isEqualTo(options.shadowDoorbells()
                            && controller.identify().doorbellBuffers()
                            && doorbells <= controller.pageBytes());
            assertThat(controller.inUse().sglUse())
                    .isEqualTo(controller.identify().scatterGatherLists() ? options.sglUse() : SglUse.NEVER);
            assertThat(controller.inUse().hostMemoryBytes()).isZero();
            assertThat(controller.inUse().priorities()).isFalse();
            if (controller.inUse().memoryBufferQueues()) {
                assertThat(options.memoryBufferQueues()
                                && controller.capabilities().memoryBuffer())
                        .isTrue();
            }
            assertThat(controller.power().state()).isZero();
            assertThat(controller.power().states()).isNotEmpty();
        }
    }

    @OnEveryController
    void everyActiveNamespaceIsFoundWithItsGeometry(ControllerLab lab) throws IOException {
        Shape shape = lab.shape();
        try (Drive drive = Drive.open(lab)) {
            List<Integer> ids = shape.spaces().stream().map(Shape.Space::id).toList();
            assertThat(drive.controller().namespaceIds()).isEqualTo(ids);
            for (Shape.Space space : shape.spaces()) {
                NvmeNamespace namespace = drive.controller().namespace(space.id());
                Geometry geometry = namespace.geometry();
                assertThat(geometry.blockBytes()).isEqualTo(space.blockBytes());
                assertThat(geometry.blockCount()).isEqualTo(space.blocks());
                assertThat(geometry.writeable()).isTrue();
                assertThat(geometry.maxTransferBlocks())
                        .isEqualTo(
                                shape.maxTransferBytes() == 0
                                        ? 1 << 16
                                        : shape.maxTransferBytes() / space.blockBytes());
                assertThat(namespace.name()).endsWith("/n" + space.id());
                assertThat(namespace.identify().sizeBlocks()).isEqualTo(space.blocks());
            }
        }
    }

    @OnEveryController
    void aNamespaceThatDoesNotExistIsRefusedByNamingThoseThatDo(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab)) {
            NvmeController controller = drive.controller();
            for (int id : new int[] {0, 200, -1, Integer.MIN_VALUE}) {
                assertThatThrownBy(() -> controller.namespace(id))
                        .isInstanceOf(ControllerException.class)
                        .hasMessageContaining(Integer.toUnsignedString(id))
                        .hasMessageContaining(controller.namespaceIds().toString());
            }
        }
    }

    @OnEveryController
    void theHealthLogCountsWhatWasDone(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab);
                BlockSession session = drive.session()) {
            SmartLog before = drive.controller().smartLog();
            Exchange exchange = new Exchange(session);
            for (int i = 0; i < 5; i++) {
                exchange.perform(Operation.READ, i, 1, 0);
                exchange.perform(Operation.WRITE, i, 1, 0);
            }
            SmartLog after = drive.controller().smartLog();
            assertThat(after.hostReads() - before.hostReads()).isEqualTo(5);
            assertThat(after.hostWrites() - before.hostWrites()).isEqualTo(5);
            assertThat(after.temperatureCelsius()).isBetween(-50, 150);
            assertThat(after.criticalWarning()).isZero();
        }
    }

    @OnEveryController
    void errorAndFirmwareLogsAreRead(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab)) {
            NvmeController controller = drive.controller();
            assertThat(controller.errorLog(64))
                    .allSatisfy(entry -> assertThat(entry.errorCount()).isPositive());
            assertThat(controller.errorLog(1)).hasSizeLessThanOrEqualTo(1);
            assertThat(controller.firmwareLog().activeSlot()).isBetween(1, 7);
            assertThat(controller.firmwareLog().revisions()).hasSize(7);
            int active = controller.firmwareLog().activeSlot();
            assertThat(controller.firmwareLog().revisions().get(active - 1)).isNotEmpty();
            assertThat(controller.logPage(2, 512)).hasSize(512);
        }
    }

    @OnEveryController
    void aLogPageOfAnImpossibleSizeIsRefused(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab)) {
            for (int bytes : new int[] {0, -4, 3, 513, (1 << 20) + 4}) {
                assertThatThrownBy(() -> drive.controller().logPage(2, bytes))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(String.valueOf(bytes));
            }
            assertThatThrownBy(() -> drive.controller().logPage(0x7f, 512))
                    .isInstanceOf(CommandFailedException.class)
                    .hasMessageContaining("Get Log Page 7fh");
        }
    }

    @OnEveryController
    void featuresAreReadAndSet(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab)) {
            NvmeController controller = drive.controller();
            int threshold = controller.feature(Feature.TEMPERATURE_THRESHOLD);
            controller.setFeature(Feature.TEMPERATURE_THRESHOLD, 350, false);
            assertThat(controller.feature(Feature.TEMPERATURE_THRESHOLD)).isEqualTo(350);
            controller.setFeature(Feature.TEMPERATURE_THRESHOLD, threshold, false);

            boolean cache = (controller.feature(Feature.VOLATILE_WRITE_CACHE) & 1) != 0;
            controller.setFeature(Feature.VOLATILE_WRITE_CACHE, cache ? 0 : 1, false);
            assertThat(controller.feature(Feature.VOLATILE_WRITE_CACHE)).isEqualTo(cache ? 0 : 1);
            controller.setFeature(Feature.VOLATILE_WRITE_CACHE, cache ? 1 : 0, false);

            int queues = controller.feature(Feature.NUMBER_OF_QUEUES);
            assertThat((queues & 0xffff) + 1).isGreaterThanOrEqualTo(lab.shape().ioQueuePairs());
        }
    }

    @OnEveryController
    void aFeatureThatCannotBeSavedIsRefusedWithTheStatusByName(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab)) {
            assertThatThrownBy(() -> drive.controller().setFeature(Feature.ARBITRATION, 0, true))
                    .isInstanceOf(CommandFailedException.class)
                    .hasMessageContaining("Set Features 01h")
                    .hasMessageContaining("Feature Identifier Not Saveable");
        }
    }
}
