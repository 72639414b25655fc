package io.sluice.block.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.Operation;
import io.sluice.block.RamDevice;
import io.sluice.block.SessionOptions;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.Test;

class SessionBeansTest {
    private final MBeanServer server = MBeanServerFactory.newMBeanServer();

    private Set<ObjectName> names(String device) throws Exception {
        return server.queryNames(
                new ObjectName("io.sluice:type=Session,device=" + ObjectName.quote(device) + ",*"), null);
    }

    private static void read(BlockSession session) throws BlockIoException {
        assertThat(session.submit(Operation.READ, 0, 4, session.buffer(), 0, 0)).isTrue();
        session.commit();
        assertThat(session.poll(
                        new Completion() {
                            @Override
                            public void completed(long tag) {}

                            @Override
                            public void failed(long tag, BlockIoException failure) {
                                throw new AssertionError(failure);
                            }
                        },
                        1))
                .isEqualTo(1);
    }

    @Test
    void aSessionIsShownWhileItIsOpen() throws Exception {
        String name = "shown, with a comma=and more";
        try (SessionBeans beans = SessionBeans.register(server);
                BlockDevice device = new RamDevice(name, 512, 64)) {
            BlockSession session = device.open(
                    SessionOptions.defaults().window(8, 16).label("me").latency(true));
            read(session);
            ObjectName bean = names(name).iterator().next();

            SessionMXBean seen = JMX.newMXBeanProxy(server, bean, SessionMXBean.class);
            assertThat(seen.getDevice()).isEqualTo(name);
            assertThat(seen.getLabel()).isEqualTo("me");
            assertThat(seen.getFirstBlock()).isEqualTo(8);
            assertThat(seen.getBlockCount()).isEqualTo(16);
            assertThat(seen.getBlockBytes()).isEqualTo(512);
            assertThat(seen.isWriteable()).isFalse();
            assertThat(seen.getQueueDepth()).isEqualTo(128);
            assertThat(seen.getInFlight()).isZero();
            assertThat(seen.getReads()).isEqualTo(1);
            assertThat(seen.getBytesRead()).isEqualTo(2048);
            assertThat(seen.getWrites() + seen.getSyncs() + seen.getBytesWritten() + seen.getFailures())
                    .isZero();
            assertThat(seen.getCommits()).isEqualTo(1);
            assertThat(seen.getStrays()).isZero();
            assertThat(seen.getLatencies()).containsOnlyKeys("READ");
            assertThat(seen.getLatencies().get("READ").getCount()).isEqualTo(1);
            assertThat(seen.getLatencies().get("READ").getP999()).isPositive();

            session.close();
            assertThat(names(name)).isEmpty();
            assertThat(beans).isNotNull();
        }
    }

    @Test
    void consolesWithoutOurClassesSeeNumbers() throws Exception {
        String name = "plain";
        try (SessionBeans beans = SessionBeans.register(server);
                BlockDevice device = new RamDevice(name, 512, 64);
                BlockSession session = device.open(SessionOptions.defaults().latency(true))) {
            read(session);
            TabularData latencies =
                    (TabularData) server.getAttribute(names(name).iterator().next(), "Latencies");
            CompositeData read =
                    (CompositeData) latencies.get(new Object[] {"READ"}).get("value");
            assertThat(read.get("count")).isEqualTo(1L);
            assertThat(beans).isNotNull();
        }
    }

    @Test
    void sessionsThatWereOpenBeforeAreShownAndAllAreTakenBack() throws Exception {
        String name = "open before";
        try (BlockDevice device = new RamDevice(name, 512, 64)) {
            device.open(SessionOptions.defaults());
            SessionBeans beans = SessionBeans.register(server);
            device.open(SessionOptions.defaults());
            assertThat(names(name)).hasSize(2);
            beans.close();
            beans.close();
            assertThat(server.queryNames(new ObjectName("io.sluice:*"), null)).isEmpty();
        }
    }

    @Test
    void whoIsSecondLeavesWhatIsShown() throws Exception {
        String name = "shown once";
        try (BlockDevice device = new RamDevice(name, 512, 64);
                SessionBeans first = SessionBeans.register(server);
                BlockSession session = device.open(SessionOptions.defaults())) {
            SessionBeans.register(server).close();
            assertThat(names(name)).hasSize(1);
            assertThat(List.of(first, session)).hasSize(2);
        }
    }

    @Test
    void whatSomebodyElseTookOutIsNoTrouble() throws Exception {
        String name = "taken out";
        try (SessionBeans beans = SessionBeans.register(server);
                BlockDevice device = new RamDevice(name, 512, 64)) {
            BlockSession session = device.open(SessionOptions.defaults());
            server.unregisterMBean(names(name).iterator().next());
            session.close();
            assertThat(beans).isNotNull();
        }
    }

    @Test
    void thePlatformsServerIsTheDefault() throws Exception {
        String name = "on the platform";
        try (SessionBeans beans = SessionBeans.register();
                BlockDevice device = new RamDevice(name, 512, 64);
                BlockSession session = device.open(SessionOptions.defaults())) {
            assertThat(ManagementFactory.getPlatformMBeanServer()
                            .queryNames(
                                    new ObjectName("io.sluice:type=Session,device=" + ObjectName.quote(name) + ",*"),
                                    null))
                    .hasSize(1);
            assertThat(List.of(beans, session)).hasSize(2);
        }
    }
}
