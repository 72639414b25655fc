package io.sluice.pci.vfiouser;

import io.sluice.linux.Descriptor;
import io.sluice.linux.SharedMemory;
import io.sluice.pci.Cleanup;
import io.sluice.pci.DmaMap;
import io.sluice.pci.FunctionHost;
import io.sluice.pci.FunctionModel;
import io.sluice.pci.RegisterSpace;
import io.sluice.pci.SharedRegisters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import jnr.constants.platform.Errno;
import org.jspecify.annotations.Nullable;

/**
 * One client of a device, from its first message to its end: answers what it asks, and is the device's host meanwhile. Run by one
 * thread; the device calls {@link FunctionHost} from any.
 */
final class ServedClient implements FunctionHost {
    /** Region indexes of PCI devices ({@code VFIO_PCI_*_REGION_INDEX} of {@code linux/vfio.h}): BARs are 0 to 5, then ROM, configuration, VGA. */
    private static final int BARS = 6;

    private static final int CONFIGURATION = 7;
    private static final int REGIONS = 9;

    /** More than any guest's memory is made of, and enough for two thousand sessions of a driver, which have two each. */
    private static final int MOST_DMA_MAPS = 4096;

    private static final Capabilities OFFERED = new Capabilities(
            (long) MessageChannel.MOST_DESCRIPTORS, (long) MessageChannel.MOST_DATA_BYTES, (long) MOST_DMA_MAPS, 4096L);

    private static final String MEMORY_LOST = "it shrank memory that the device was using";

    private final MessageChannel channel;
    private final FunctionModel model;
    private final long handshakeNanos;
    private final Consumer<String> refusals;
    private final ClientMemory memory = new ClientMemory(MOST_DMA_MAPS);
    private final ClientEvents events;
    private final RegisterFiles registerFiles = new RegisterFiles();
    private volatile boolean memoryLost;

    /**
     * A client that has just connected.
     *
     * @param refusals is told of each request that is refused, and why
     */
    ServedClient(MessageChannel channel, FunctionModel model, long handshakeNanos, Consumer<String> refusals) {
        this.channel = channel;
        this.model = model;
        this.handshakeNanos = handshakeNanos;
        this.refusals = refusals;
        this.events = new ClientEvents(model.interruptCount());
    }

    /** What a request is answered with. */
    private record Answer(Reply reply, List<Descriptor> descriptors) {
        static final Answer DONE = new Answer(new Reply.Done());

        Answer(Reply reply) {
            this(reply, List.of());
        }
    }

    /**
     * Serves until the client leaves or is sent away; afterwards the device is as after power-on and nothing of the client's is left here.
     *
     * @return why it ended, for people
     * @throws IOException when the connection broke
     */
    String serve() throws IOException {
        if (!handshake()) {
            return "it left without a word";
        }
        try {
            connect();
            return answerAll();
        } catch (IOException broken) {
            if (memoryLost) {
                return MEMORY_LOST;
            }
            throw broken;
        } catch (InternalError memoryGone) {
            // A device that looks at the memory in this thread may be told of its loss only when it is done looking.
            return MEMORY_LOST;
        } finally {
            // In this order: once disconnected, the device touches none of them.
            model.disconnect();
            events.close();
            Cleanup cleanup = new Cleanup();
            cleanup.run(registerFiles::close);
            cleanup.run(() -> memory.removeAll().release());
            cleanup.finish();
        }
    }

    private void connect() throws IOException {
        try {
            model.connect(this);
        } catch (UncheckedIOException noMemory) {
            throw new IOException(String.valueOf(noMemory.getMessage()), noMemory);
        }
    }

    private boolean handshake() throws IOException {
        MessageChannel.Frame frame = channel.receive(handshakeNanos);
        if (frame == null) {
            return false;
        }
        requireRequest(frame);
        try {
            reply(frame.header(), negotiate(frame));
            return true;
        } catch (RefusedException refusal) {
            refuse(frame.header(), refusal);
            throw new ProtocolException("no version was agreed on: " + refusal.getMessage());
        }
    }

    private static Answer negotiate(MessageChannel.Frame frame) throws RefusedException {
        requireNoDescriptors(frame);
        if (frame.header().command() != Command.VERSION.number()
                || frame.header().noReply()) {
            throw RefusedException.invalid(
                    "the first message has command " + frame.header().command() + " (expected: VERSION, with a reply)");
        }
        Version proposed = Version.decode(frame.body());
        if (proposed.major() != Version.MAJOR) {
            throw RefusedException.invalid("the client speaks version " + proposed.major() + "." + proposed.minor()
                    + " (expected: " + Version.MAJOR + ".x)");
        }
        return new Answer(new Version(
                Version.MAJOR, Math.min(proposed.minor(), Version.MINOR), OFFERED.within(proposed.capabilities())));
    }

    private String answerAll() throws IOException {
        while (true) {
            MessageChannel.Frame frame = channel.receive(-1);
            if (frame == null) {
                return memoryLost ? MEMORY_LOST : "it left";
            }
            requireRequest(frame);
            try {
                reply(frame.header(), answer(frame));
            } catch (RefusedException refusal) {
                refuse(frame.header(), refusal);
            }
        }
    }

    private static void requireRequest(MessageChannel.Frame frame) throws ProtocolException {
        if (frame.header().type() != Header.Type.REQUEST) {
            frame.close();
            throw new ProtocolException("a reply came that nobody asked for");
        }
    }

    /** What is answered to a request; its descriptors are closed by then, or belong to whom they are for. */
    private Answer answer(MessageChannel.Frame frame) throws RefusedException, IOException {
        try (frame) {
            return grant(frame);
        }
    }

    private Answer grant(MessageChannel.Frame frame) throws RefusedException, IOException {
        Command command = Command.of(frame.header().command());
        if (command == null) {
            throw RefusedException.invalid(
                    "there is no command " + frame.header().command());
        }
        Request request = Request.decode(command, frame.body());
        if (request instanceof Request.DmaMap map) {
            return map(map, frame.descriptors());
        }
        if (request instanceof Request.SetInterrupts set) {
            events.set(set, frame.descriptors());
            frame.handOn();
            return Answer.DONE;
        }
        requireNoDescriptors(frame);
        if (request instanceof DmaUnmap unmap) {
            return unmap(unmap);
        }
        if (request instanceof Request.DeviceInfo) {
            return new Answer(new Reply.DeviceInfo(
                    Reply.DeviceInfo.RESETS | Reply.DeviceInfo.PCI, REGIONS, InterruptKind.count()));
        }
        if (request instanceof Request.RegionInfo info) {
            return describe(info);
        }
        if (request instanceof Request.InterruptInfo info) {
            return new Answer(
                    new Reply.InterruptInfo(Reply.InterruptInfo.EVENTS, info.index(), events.count(info.index())));
        }
        if (request instanceof Request.ReadRegion read) {
            return read(read);
        }
        if (request instanceof Request.WriteRegion write) {
            return write(write);
        }
        if (request instanceof Request.Reset) {
            model.reset();
            return Answer.DONE;
        }
        if (request instanceof Version) {
            throw RefusedException.invalid("a version was agreed on already");
        }
        throw new RefusedException(Errno.ENOTSUP, command + " is not offered here");
    }

    private static void requireNoDescriptors(MessageChannel.Frame frame) throws RefusedException {
        if (!frame.descriptors().isEmpty()) {
            frame.close();
            throw RefusedException.invalid("command " + frame.header().command() + " brings "
                    + frame.descriptors().size() + " descriptors (expected: none)");
        }
    }

    private Answer map(Request.DmaMap request, List<Descriptor> descriptors) throws RefusedException {
        if (descriptors.size() > 1) {
            throw RefusedException.invalid("DMA_MAP brings " + descriptors.size() + " descriptors (expected: 0 or 1)");
        }
        memory.add(request, descriptors.isEmpty() ? null : descriptors.get(0));
        model.memoryChanged();
        return Answer.DONE;
    }

    private Answer unmap(DmaUnmap request) throws RefusedException, IOException {
        ClientMemory.Removed removed = memory.remove(request);
        model.memoryChanged();
        removed.release();
        return new Answer(request);
    }

    private Answer describe(Request.RegionInfo request) throws RefusedException {
        int index = request.index();
        if (index < 0 || index >= REGIONS) {
            throw RefusedException.invalid("there is no region " + Integer.toUnsignedString(index));
        }
        RegisterSpace space = space(index);
        if (space == null) {
            return new Answer(Reply.RegionInfo.of(0, index, 0, List.of()));
        }
        int flags = Reply.RegionInfo.READABLE | Reply.RegionInfo.WRITEABLE;
        SharedMemory file = index < BARS ? registerFiles.of(index) : null;
        List<SharedRegisters> shared = file == null ? List.of() : model.shared(index);
        if (file == null || shared.isEmpty()) {
            return new Answer(Reply.RegionInfo.of(flags, index, space.size(), List.of()));
        }
        List<Reply.RegionInfo.Area> areas = new ArrayList<>();
        shared.forEach(part ->
                areas.add(new Reply.RegionInfo.Area(part.offset(), part.memory().capacity())));
        Reply.RegionInfo info = Reply.RegionInfo.of(flags | Reply.RegionInfo.MAPPABLE, index, space.size(), areas);
        if (Integer.compareUnsigned(request.argumentSize(), info.argumentSize()) < 0) {
            return new Answer(info.withoutAreas());
        }
        return new Answer(info, List.of(file.descriptor()));
    }

    private @Nullable RegisterSpace space(int region) {
        return region == CONFIGURATION ? model.config() : region < BARS ? model.bar(region) : null;
    }

    private Answer read(Request.ReadRegion request) throws RefusedException {
        RegisterBytes registers = registers(request.region(), request.offset(), request.count());
        byte[] bytes = new byte[request.count()];
        registers.read(request.offset(), bytes);
        return new Answer(new Reply.RegionData(request.offset(), request.region(), bytes));
    }

    private Answer write(Request.WriteRegion request) throws RefusedException {
        RegisterBytes registers = registers(request.region(), request.offset(), request.bytes().length);
        registers.write(request.offset(), request.bytes());
        return new Answer(new Reply.RegionWritten(request.offset(), request.region(), request.bytes().length));
    }

    private RegisterBytes registers(int region, long offset, int count) throws RefusedException {
        RegisterSpace space = region < 0 || region >= REGIONS ? null : space(region);
        if (space == null) {
            throw RefusedException.invalid("there is no region " + Integer.toUnsignedString(region));
        }
        if (count <= 0
                || count > MessageChannel.MOST_DATA_BYTES
                || offset < 0
                || count > space.size()
                || offset > space.size() - count) {
            throw RefusedException.invalid(Integer.toUnsignedString(count) + " bytes at 0x" + Long.toHexString(offset)
                    + " of region " + region + ", which has " + space.size());
        }
        return region == CONFIGURATION ? RegisterBytes.ofConfiguration(space) : RegisterBytes.ofBar(space);
    }

    private void reply(Header request, Answer answer) throws IOException {
        if (!request.noReply()) {
            ByteBuffer body = answer.reply.encode();
            channel.send(request.reply(body.remaining()), body, answer.descriptors);
        }
    }

    private void refuse(Header request, RefusedException refusal) throws IOException {
        refusals.accept(refusal.getMessage());
        if (!request.noReply()) {
            channel.send(request.refusal(refusal.errno().intValue()), Body.allocate(0), List.of());
        }
    }

    @Override
    public DmaMap memory() {
        return memory.map();
    }

    @Override
    public void interrupt(int vector) {
        events.message(vector);
    }

    @Override
    public ByteBuffer registerMemory(int bar, int bytes) {
        return registerFiles.create(bar, bytes);
    }

    @Override
    public void memoryLost() {
        memoryLost = true;
        channel.shutdown();
    }

    /** Asks the client to leave. */
    void requestRemoval() {
        events.requestRemoval();
    }

    /** Sends the client away; {@link #serve} returns soon. */
    void dismiss() {
        channel.shutdown();
    }
}
