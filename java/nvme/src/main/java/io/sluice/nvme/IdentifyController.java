package io.sluice.nvme;

import java.util.ArrayList;
import java.util.List;

/**
 * What a controller says of itself: Identify Controller data structure (section 5.15.2.2, figure 251).
 *
 * @param vendorId PCI vendor (VID)
 * @param subsystemVendorId PCI subsystem vendor (SSVID)
 * @param serialNumber SN, without padding
 * @param modelNumber MN, without padding
 * @param firmwareRevision FR, without padding
 * @param controllerId CNTLID
 * @param maxTransferShift MDTS: largest transfer = 2^this smallest memory pages; 0 = no limit
 * @param version VER, as {@link Capabilities#version()}
 * @param shutdownMicros RTD3E: time the controller wants for a shutdown, microseconds; 0 = not said
 * @param asyncEventsSupported OAES bits: 8 namespace attributes, 9 firmware activation
 * @param optionalAdminCommands OACS bits
 * @param abortCommandLimit how many Abort commands at once (ACL + 1)
 * @param asyncEventLimit how many Asynchronous Event Requests at once (AERL + 1)
 * @param errorLogEntries entries of the error log (ELPE + 1)
 * @param logPageAttributes LPA bits
 * @param warningTemperature WCTEMP, kelvin, 0 = not said
 * @param criticalTemperature CCTEMP, kelvin, 0 = not said
 * @param totalCapacityBytes TNVMCAP, bytes, 0 = not said
 * @param submissionEntryShift smallest size of submission queue entries, base-two logarithm (SQES bits 3:0)
 * @param completionEntryShift smallest size of completion queue entries, base-two logarithm (CQES bits 3:0)
 * @param maxCommands MAXCMD, 0 = not said
 * @param namespaceCount NN: largest namespace identifier
 * @param optionalNvmCommands ONCS bits: 2 dataset management, 3 write zeroes
 * @param atomicWriteBlocks how large a write a loss of power leaves all old or all new, whatever the namespace: AWUPF + 1, blocks
 * @param volatileWriteCache whether there is a volatile write cache (VWC bit 0)
 * @param sglSupport SGLS bits
 * @param subsystemName SUBNQN
 * @param powerStates the power states (PSD), by number, of NPSS + 1
 * @param autonomousPowerStates whether it can change its power state by itself when idle (APSTA bit 0)
 * @param hostMemoryPreferredBytes how much memory it would like to be lent (HMPRE), bytes; 0 = none
 * @param hostMemoryLeastBytes less than this is of no use to it (HMMIN), bytes
 * @param hostMemoryLeastChunkBytes the smallest chunk that it takes (HMMINDS), bytes; 0 = not said
 * @param hostMemoryMostChunks how many chunks it takes (HMMAXD); 0 = not said
 */
public record IdentifyController(
        int vendorId,
        int subsystemVendorId,
        String serialNumber,
        String modelNumber,
        String firmwareRevision,
        int controllerId,
        int maxTransferShift,
        int version,
        long shutdownMicros,
        int asyncEventsSupported,
        int optionalAdminCommands,
        int abortCommandLimit,
        int asyncEventLimit,
        int errorLogEntries,
        int logPageAttributes,
        int warningTemperature,
        int criticalTemperature,
        long totalCapacityBytes,
        int submissionEntryShift,
        int completionEntryShift,
        int maxCommands,
        long namespaceCount,
        int optionalNvmCommands,
        int atomicWriteBlocks,
        boolean volatileWriteCache,
        int sglSupport,
        String subsystemName,
        List<PowerState> powerStates,
        boolean autonomousPowerStates,
        long hostMemoryPreferredBytes,
        long hostMemoryLeastBytes,
        long hostMemoryLeastChunkBytes,
        int hostMemoryMostChunks) {
    static final int BYTES = 4096;
    /** The unit of HMPRE, HMMIN and HMMINDS. */
    private static final int HOST_MEMORY_UNIT = 4096;

    public IdentifyController {
        powerStates = List.copyOf(powerStates);
    }

    static IdentifyController decode(byte[] bytes) {
        DataStructure data = new DataStructure(bytes);
        return new IdentifyController(
                data.u16(0),
                data.u16(2),
                data.ascii(4, 20),
                data.ascii(24, 40),
                data.ascii(64, 8),
                data.u16(78),
                data.u8(77),
                (int) data.u32(80),
                data.u32(88),
                (int) data.u32(92),
                data.u16(256),
                data.u8(258) + 1,
                data.u8(259) + 1,
                data.u8(262) + 1,
                data.u8(261),
                data.u16(266),
                data.u16(268),
                data.u128(280),
                data.u8(512) & 0xf,
                data.u8(513) & 0xf,
                data.u16(514),
                data.u32(516),
                data.u16(520),
                data.u16(528) + 1,
                (data.u8(525) & 1) != 0,
                (int) data.u32(536),
                data.ascii(768, 256),
                powerStates(data),
                (data.u8(265) & 1) != 0,
                data.u32(272) * HOST_MEMORY_UNIT,
                data.u32(276) * HOST_MEMORY_UNIT,
                data.u32(332) * HOST_MEMORY_UNIT,
                data.u16(336));
    }

    private static List<PowerState> powerStates(DataStructure data) {
        // There can be 32.
        int count = (data.u8(263) & 31) + 1;
        List<PowerState> states = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            states.add(PowerState.decode(data, 2048 + PowerState.BYTES * i));
        }
        return states;
    }

    /** Whether Dataset Management, and so deallocation, is offered. */
    public boolean datasetManagement() {
        return (optionalNvmCommands & 1 << 2) != 0;
    }

    /** Whether Write Zeroes is offered. */
    public boolean writeZeroes() {
        return (optionalNvmCommands & 1 << 3) != 0;
    }

    /** Whether it tells the default and the saved values of features too (ONCS bit 4). */
    public boolean selectsFeatureValues() {
        return (optionalNvmCommands & 1 << 4) != 0;
    }

    /** Whether data of NVM commands may be described by SGLs (SGLS bits 1:0). */
    public boolean scatterGatherLists() {
        return (sglSupport & 3) == 1 || (sglSupport & 3) == 2;
    }

    /** Whether doorbells may stand in memory: Doorbell Buffer Config (OACS bit 8). */
    public boolean doorbellBuffers() {
        return (optionalAdminCommands & 1 << 8) != 0;
    }

    /** How many descriptors the controller wants in an SGL at most (SDT, bits 15:8 of SGLS from 2.0 on). */
    public int mostSglDescriptors() {
        int threshold = sglSupport >>> 8 & 0xff;
        return threshold == 0 ? Integer.MAX_VALUE : threshold;
    }

    /** Whether namespaces can be created, deleted, attached and detached (OACS bit 3). */
    public boolean namespaceManagement() {
        return (optionalAdminCommands & 1 << 3) != 0;
    }
}
