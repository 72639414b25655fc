package io.sluice.cli;

import io.sluice.cli.FioSections.Setting;
import io.sluice.tester.Access;
import io.sluice.tester.Mix;
import io.sluice.tester.Pace;
import io.sluice.tester.Sizes;
import io.sluice.tester.Timing;
import io.sluice.tester.Trace;
import io.sluice.tester.Verification;
import io.sluice.tester.Waiting;
import io.sluice.tester.Workload;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/** What one section of a job file asks for. Each option is understood, or an error that names its line. */
final class FioJob {
    private static final long SECOND = 1_000_000_000L;
    private static final long MICRO = 1000;
    private static final long MILLI = 1_000_000;

    /** What fio takes bandwidth samples by where nothing else is said. */
    private static final long SAMPLE_NANOS = 500_000_000;

    private static final List<String> WITHOUT_MEANING = List.of(
            "thread",
            "invalidate",
            "refill_buffers",
            "registerfiles",
            "fixedbufs",
            "nonvectored",
            "random_generator",
            "softrandommap",
            "description",
            "fallocate",
            "create_serialize",
            "allow_file_create",
            "disk_util");

    private final String name;
    private final FioSections.Job section;

    private String rw = "read";
    private Sizes[] sizes = {Sizes.of(4096), Sizes.of(4096), Sizes.of(4096)};
    private @Nullable DeviceName device;
    private @Nullable Setting filename;
    private @Nullable Setting size;
    private @Nullable Setting ioSize;
    private @Nullable Setting offset;
    private FioEngine engine = FioEngine.SYNC;
    private String engineName = "psync";
    private int depth = 1;
    private int wantedDepth = 1;
    private int batch = 1;
    private int completeMin = 1;
    private @Nullable Setting completeMax;
    private int copies = 1;
    private long runNanos = Long.MAX_VALUE;
    private long rampNanos;
    private boolean timeBased;
    private int loops = 1;
    private int readPercent = 50;
    private Verification verification = Verification.none();
    private @Nullable Setting verify;
    private int verifyInterval;
    private @Nullable String verifyPattern;
    private boolean doVerify = true;
    private long seed = 0x1234;
    private boolean seedGiven;
    private boolean repeatable = true;
    private boolean randomMap = true;
    private String[] rates = {"", "", ""};
    private @Nullable Setting rate;
    private String[] iopsRates = {"", "", ""};
    private @Nullable Setting iopsRate;
    private boolean poisson;
    private long thinkNanos;
    private int thinkIos = 1;
    private boolean groupReporting;
    private boolean stonewall;
    private boolean newGroup;
    private int syncEvery;
    private boolean reducedTime;
    private boolean completionPercentiles = true;
    private @Nullable String bandwidthLog;
    private @Nullable String latencyLog;
    private @Nullable String iopsLog;
    private long logNanos;
    private boolean logOffset;
    private @Nullable Path trace;
    private boolean traceStalls = true;

    /** Reads the options of a section. */
    FioJob(FioSections.Job section) throws FioException {
        this.section = section;
        String called = section.name();
        for (Setting setting : section.inherited()) {
            read(setting);
        }
        for (Setting setting : section.own()) {
            if (setting.key().equals("name")) {
                called = setting.value();
            }
            read(setting);
        }
        name = called;
        finish();
    }

    private void read(Setting setting) throws FioException {
        String value = setting.value();
        switch (setting.key()) {
            case "name" -> {}
            case "filename" -> filename = setting;
            case "rw", "readwrite" -> rw = pattern(setting);
            case "bs", "blocksize" -> sizes = FioValues.sizes(setting);
            case "bssplit" -> sizes = FioValues.split(setting);
            case "size" -> size = setting;
            case "io_size", "io_limit" -> ioSize = setting;
            case "offset" -> offset = setting;
            case "ioengine" -> {
                FioEngine known = FioEngine.of(value);
                if (known == null) {
                    throw setting.wrong("ioengine=" + value
                            + ": expected sync or psync (channels), posixaio (asynchronous channels), or sluice"
                            + " (sessions; libaio and io_uring are taken for it)");
                }
                engine = known;
                engineName = value;
            }
            case "iodepth" -> depth = FioValues.number(setting, 1, 65535);
            case "iodepth_batch", "iodepth_batch_submit" -> batch = FioValues.number(setting, 1, 65535);
            case "iodepth_batch_complete", "iodepth_batch_complete_min" ->
                completeMin = FioValues.number(setting, 0, 65535);
            case "iodepth_batch_complete_max" -> completeMax = setting;
            case "numjobs" -> copies = FioValues.number(setting, 1, 1024);
            case "runtime", "timeout" -> runNanos = FioValues.nanos(setting, SECOND);
            case "ramp_time" -> rampNanos = FioValues.nanos(setting, SECOND);
            case "time_based" -> timeBased = FioValues.flag(setting);
            case "loops" -> loops = FioValues.number(setting, 1, 1_000_000);
            case "rwmixread" -> readPercent = FioValues.number(setting, 0, 100);
            case "rwmixwrite" -> readPercent = 100 - FioValues.number(setting, 0, 100);
            case "direct" -> requireDirect(setting, FioValues.flag(setting));
            case "buffered" -> requireDirect(setting, !FioValues.flag(setting));
            case "fsync", "fdatasync" -> syncEvery = FioValues.number(setting, 0, Integer.MAX_VALUE);
            case "stonewall", "wait_for_previous" -> stonewall = FioValues.flag(setting);
            case "new_group" -> newGroup = FioValues.flag(setting);
            case "group_reporting" -> groupReporting = FioValues.flag(setting);
            case "gtod_reduce" -> reducedTime = FioValues.flag(setting);
            case "randseed" -> {
                seed = FioValues.bytes(setting);
                seedGiven = true;
            }
            case "randrepeat" -> repeatable = FioValues.flag(setting);
            case "norandommap" -> randomMap = !FioValues.flag(setting);
            case "read_iolog" -> trace = Path.of(value);
            case "replay_no_stall" -> traceStalls = !FioValues.flag(setting);
            default -> readMore(setting);
        }
    }

    private void readMore(Setting setting) throws FioException {
        String value = setting.value();
        switch (setting.key()) {
            case "verify" -> verify = setting;
            case "verify_interval" -> verifyInterval = Math.toIntExact(Math.min(FioValues.bytes(setting), 1 << 30));
            case "verify_pattern" -> verifyPattern = FioValues.pattern(setting);
            case "do_verify" -> doVerify = FioValues.flag(setting);
            case "verify_fatal" -> requireFatal(setting, FioValues.flag(setting));
            case "clat_percentiles" -> completionPercentiles = FioValues.flag(setting);
            case "rate" -> {
                rate = setting;
                rates = FioValues.three(setting);
            }
            case "rate_iops" -> {
                iopsRate = setting;
                iopsRates = FioValues.three(setting);
            }
            case "rate_process" -> poisson = choice(setting, "linear", "poisson");
            case "thinktime" -> thinkNanos = FioValues.nanos(setting, MICRO);
            case "thinktime_blocks" -> thinkIos = FioValues.number(setting, 1, Integer.MAX_VALUE);
            case "write_bw_log" -> bandwidthLog = value;
            case "write_lat_log" -> latencyLog = value;
            case "write_iops_log" -> iopsLog = value;
            case "log_avg_msec" -> logNanos = FioValues.number(setting, 0, Integer.MAX_VALUE) * MILLI;
            case "log_offset" -> logOffset = FioValues.flag(setting);
            default -> {
                // They say how fio goes about its work, and change nothing of the I/O.
                if (!WITHOUT_MEANING.contains(setting.key())) {
                    throw setting.wrong(
                            "'" + setting.key() + "' is an option of fio that sluice does not have, or none");
                }
            }
        }
    }

    private static boolean choice(Setting setting, String no, String yes) throws FioException {
        if (setting.value().equals(yes)) {
            return true;
        }
        if (setting.value().equals(no)) {
            return false;
        }
        throw setting.wrong(setting.key() + ": expected " + no + " or " + yes);
    }

    private static void requireDirect(Setting setting, boolean direct) throws FioException {
        if (!direct) {
            throw setting.wrong(setting.text() + ": there is no page cache here, all I/O is direct");
        }
    }

    private static void requireFatal(Setting setting, boolean fatal) throws FioException {
        if (!fatal) {
            throw setting.wrong(
                    setting.text() + ": the first block that is wrong ends a job here, as with verify_fatal=1");
        }
    }

    private static String pattern(Setting setting) throws FioException {
        return switch (setting.value()) {
            case "read", "write", "randread", "randwrite", "rw", "randrw", "trim", "randtrim" -> setting.value();
            case "readwrite" -> "rw";
            default ->
                throw setting.wrong("rw=" + setting.value()
                        + ": expected read, write, randread, randwrite, rw, readwrite, randrw, trim or randtrim");
        };
    }

    private void finish() throws FioException {
        if (filename == null) {
            throw new FioException(section.where() + ": job '" + name
                    + "' needs filename=DEVICE, a file or any DEVICE of sluice (a colon in it may be written as \\:)");
        }
        device = device(filename);
        verification = verification();
        if (runNanos == 0) {
            runNanos = Long.MAX_VALUE;
        }
        if (timeBased && runNanos == Long.MAX_VALUE) {
            throw new FioException(section.where() + ": time_based needs a runtime");
        }
        wantedDepth = depth;
        // Channels of fio's sync kind do one after the other, whatever was asked for; so does fio.
        if (engine == FioEngine.SYNC) {
            depth = 1;
        }
        batch = Math.min(batch, depth);
        completeMin = Math.max(1, Math.min(completeMin, depth));
        if (completeMax != null && FioValues.number(completeMax, 0, 65535) < depth) {
            throw completeMax.wrong(completeMax.text()
                    + ": all that has ended is taken together here; leave it out, or at iodepth or more");
        }
        if (!repeatable && !seedGiven) {
            seed = new SecureRandom().nextLong();
        }
    }

    private static DeviceName device(Setting setting) throws FioException {
        String text = setting.value().replace("\\:", ":");
        try {
            return DeviceNameParser.looksLikeDevice(text) || text.startsWith("/dev/")
                    ? DeviceNameParser.parse(text)
                    : new DeviceName.KernelFile(Path.of(text));
        } catch (TypeConversionException e) {
            throw setting.wrong(e.getMessage());
        }
    }

    private Verification verification() throws FioException {
        if (verify == null) {
            return Verification.none();
        }
        return switch (verify.value()) {
            case "0" -> Verification.none();
            case "crc32c", "crc32c-intel" -> new Verification.FioHeader(verifyInterval);
            case "pattern" -> {
                if (verifyPattern == null) {
                    throw verify.wrong("verify=pattern needs verify_pattern");
                }
                yield new Verification.Repeated(verifyPattern);
            }
            default -> throw verify.wrong("verify=" + verify.value() + ": expected crc32c or pattern");
        };
    }

    String name() {
        return name;
    }

    FioSections.Job section() {
        return section;
    }

    DeviceName device() {
        return device;
    }

    FioEngine engine() {
        return engine;
    }

    String engineName() {
        return engineName;
    }

    String rw() {
        return rw;
    }

    Sizes[] sizes() {
        return sizes.clone();
    }

    int depth() {
        return depth;
    }

    /** What was asked for, whatever the engine makes of it. */
    int wantedDepth() {
        return wantedDepth;
    }

    int copies() {
        return copies;
    }

    boolean groupReporting() {
        return groupReporting;
    }

    /** Whether it waits for the jobs before it. */
    boolean stonewall() {
        return stonewall;
    }

    /** Whether a group of results begins with it. */
    boolean beginsGroup() {
        return stonewall || newGroup;
    }

    boolean changes() {
        return !rw.equals("read") && !rw.equals("randread");
    }

    /** Whether percentiles of completion latencies are reported. */
    boolean completionPercentiles() {
        return completionPercentiles;
    }

    @Nullable
    Path trace() {
        return trace;
    }

    @Nullable
    String bandwidthLog() {
        return bandwidthLog;
    }

    @Nullable
    String latencyLog() {
        return latencyLog;
    }

    @Nullable
    String iopsLog() {
        return iopsLog;
    }

    long logNanos() {
        return logNanos;
    }

    boolean logOffset() {
        return logOffset;
    }

    private boolean logs() {
        return bandwidthLog != null || latencyLog != null || iopsLog != null;
    }

    /** How many bytes a file has to have for it; 0 when it does not say. */
    long neededBytes() throws FioException {
        return size == null || size.value().endsWith("%") ? 0 : Math.addExact(offsetBytes(0), FioValues.bytes(size));
    }

    private long offsetBytes(long deviceBytes) throws FioException {
        return offset == null ? 0 : FioValues.share(offset, deviceBytes);
    }

    /**
     * What it does.
     *
     * @param copy which of its copies, from 0
     * @param number of the job among all, from 0
     * @param replayed what it plays again; null when it plays nothing
     */
    Workload workload(long deviceBytes, int copy, int number, @Nullable Trace replayed) throws FioException {
        long start = offsetBytes(deviceBytes);
        if (start < 0 || start >= deviceBytes) {
            throw offset == null
                    ? new FioException(name + ": the device is empty")
                    : offset.wrong("offset=" + offset.value() + ": the device has " + deviceBytes + " bytes");
        }
        long length = size == null ? deviceBytes - start : FioValues.share(size, deviceBytes);
        if (length > deviceBytes - start) {
            throw size.wrong(
                    "size=" + size.value() + ": the device has " + (deviceBytes - start) + " bytes from there on");
        }
        long amount = ioSize == null ? length : FioValues.share(ioSize, deviceBytes);
        long sampled = logs() && logNanos > 0 ? logNanos : SAMPLE_NANOS;
        Workload.Builder builder = Workload.builder()
                .name(name)
                .access(replayed == null ? access() : new Access.Replay(replayed, traceStalls))
                .mix(mix())
                .sizes(sizes[0], sizes[1], sizes[2])
                .window(start, length)
                .depth(depth, batch, completeMin)
                .seed(seed + 97L * number + copy)
                .ramp(rampNanos)
                .run(runNanos, timeBased ? Long.MAX_VALUE : saturated(amount, loops))
                .pace(pace())
                .verification(verification)
                .readBack(doVerify)
                // What the kernel has it announces itself, and whoever looks for it without asking is in its way.
                .waiting(device instanceof DeviceName.KernelFile ? Waiting.SLEEP : Waiting.POLL)
                .timing(reducedTime ? Timing.NONE : Timing.DETAILED)
                .interval(reducedTime && !logs() ? 0 : sampled)
                .logIos(logs() && logNanos == 0)
                .stopOnError(true);
        return builder.build();
    }

    private static long saturated(long amount, int times) {
        return amount > Long.MAX_VALUE / times ? Long.MAX_VALUE : amount * times;
    }

    private Access access() {
        return rw.startsWith("rand") ? new Access.Random(randomMap) : Access.sequential();
    }

    private Mix mix() {
        return switch (rw) {
            case "read", "randread" -> Mix.reads();
            case "write", "randwrite" -> new Mix(0, 0, syncEvery);
            case "trim", "randtrim" -> new Mix(0, 100, 0);
            default -> new Mix(readPercent, 0, syncEvery);
        };
    }

    // fio limits reads, writes and trims each by itself; where a job has two of them, the sum is the limit here, and
    // the mix
    // decides whose it is.
    private Pace pace() throws FioException {
        long bytes = 0;
        long iops = 0;
        for (int i = 0; i < 3; i++) {
            if (has(i)) {
                bytes += rate == null || rates[i].isEmpty() ? 0 : FioValues.bytes(rate, rates[i]);
                iops += iopsRate == null || iopsRates[i].isEmpty() ? 0 : FioValues.bytes(iopsRate, iopsRates[i]);
            }
        }
        return new Pace(iops, bytes, poisson, false, thinkNanos, thinkIos);
    }

    private boolean has(int direction) {
        Mix mix = mix();
        return switch (direction) {
            case 0 -> mix.hasReads();
            case 1 -> mix.hasWrites();
            default -> mix.trimPercent() > 0;
        };
    }
}
