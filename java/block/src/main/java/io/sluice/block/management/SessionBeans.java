package io.sluice.block.management;

import io.sluice.block.statistics.OpenSession;
import io.sluice.block.statistics.OpenSessions;
import java.io.Closeable;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Shows every session of this process to JMX while it is open, as {@code io.sluice:type=Session,number=N,device=NAME}: see {@link SessionMXBean}. Nothing is
 * shown unless a program asks for it; closing this takes everything back. Any thread.
 */
public final class SessionBeans implements Closeable {
    private final MBeanServer server;
    /** What is shown, by the number of the session. */
    private final Map<Long, ObjectName> names = new ConcurrentHashMap<>();

    private final OpenSessions.Watcher watcher = new OpenSessions.Watcher() {
        @Override
        public void opened(OpenSession session) {
            register(session);
        }

        @Override
        public void ended(OpenSession session) {
            unregister(session);
        }
    };

    private SessionBeans(MBeanServer server) {
        this.server = server;
    }

    /** Shows them in the platform's server, which jconsole and others connect to. */
    public static SessionBeans register() {
        return register(ManagementFactory.getPlatformMBeanServer());
    }

    /**
     * Shows them in another server. What that shows already is left to whoever put it there.
     */
    public static SessionBeans register(MBeanServer server) {
        SessionBeans beans = new SessionBeans(server);
        OpenSessions.watch(beans.watcher);
        return beans;
    }

    private void register(OpenSession session) {
        try {
            ObjectName registered = server.registerMBean(new SessionView(session), name(session))
                    .getObjectName();
            names.put(session.id(), registered);
        } catch (InstanceAlreadyExistsException shown) {
            // By another of these.
        } catch (JMException failure) {
            throw new IllegalStateException(
                    "the server does not take " + session + ": " + failure.getMessage(), failure);
        }
    }

    private void unregister(OpenSession session) {
        ObjectName registered = names.remove(session.id());
        if (registered == null) {
            return;
        }
        try {
            server.unregisterMBean(registered);
        } catch (InstanceNotFoundException gone) {
            // Somebody else took it out, which every user of the server may.
        } catch (JMException failure) {
            throw new IllegalStateException(
                    "the server does not let go of " + session + ": " + failure.getMessage(), failure);
        }
    }

    private static ObjectName name(OpenSession session) throws JMException {
        return new ObjectName(
                "io.sluice:type=Session,number=" + session.id() + ",device=" + ObjectName.quote(session.device()));
    }

    /** Takes them back. Idempotent. */
    @Override
    public void close() {
        OpenSessions.unwatch(watcher);
    }
}
