package io.sluice.pci.vfiouser;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * What a side says of itself in VFIO_USER_VERSION (section "VFIO_USER_VERSION", version data). Each value is null where it says nothing; the
 * methods give the specification's default then. Values that no sender can mean are refused; names that are not known here are left out.
 *
 * @param maxMessageDescriptors most descriptors in one message that it takes
 * @param maxTransferBytes most bytes of one read or write of a region
 * @param maxDmaMaps most pieces of memory at once
 * @param pageSizes sizes of pages that memory may be made of, their bits together
 */
record Capabilities(
        @Nullable Long maxMessageDescriptors,
        @Nullable Long maxTransferBytes,
        @Nullable Long maxDmaMaps,
        @Nullable Long pageSizes) {
    private static final String CAPABILITIES = "capabilities";
    private static final String MAX_MESSAGE_DESCRIPTORS = "max_msg_fds";
    private static final String MAX_TRANSFER = "max_data_xfer_size";
    private static final String MAX_DMA_MAPS = "max_dma_maps";
    private static final String PAGE_SIZES = "pgsizes";

    /** Says nothing. */
    static final Capabilities NONE = new Capabilities(null, null, null, null);

    int descriptorsPerMessage() {
        return clamp(maxMessageDescriptors, 1);
    }

    int bytesPerTransfer() {
        return clamp(maxTransferBytes, 1 << 20);
    }

    int dmaMaps() {
        return clamp(maxDmaMaps, 65535);
    }

    private static int clamp(@Nullable Long said, int otherwise) {
        return said == null ? otherwise : (int) Math.min(said, Integer.MAX_VALUE);
    }

    /** These, as far as the other side named them too: a reply may have no capability that was not proposed. */
    Capabilities within(Capabilities proposed) {
        return new Capabilities(
                proposed.maxMessageDescriptors == null ? null : maxMessageDescriptors,
                proposed.maxTransferBytes == null ? null : maxTransferBytes,
                proposed.maxDmaMaps == null ? null : maxDmaMaps,
                proposed.pageSizes == null ? null : pageSizes);
    }

    /** The version data, without the NUL at its end. */
    String toJson() {
        Map<String, @Nullable Long> values = new LinkedHashMap<>();
        values.put(MAX_MESSAGE_DESCRIPTORS, maxMessageDescriptors);
        values.put(MAX_TRANSFER, maxTransferBytes);
        values.put(MAX_DMA_MAPS, maxDmaMaps);
        values.put(PAGE_SIZES, pageSizes);
        StringJoiner members = new StringJoiner(",", "{\"" + CAPABILITIES + "\":{", "}}");
        values.forEach((name, value) -> {
            if (value != null) {
                members.add("\"" + name + "\":" + value);
            }
        });
        return members.toString();
    }

    /** Reads version data. */
    static Capabilities parse(String json) throws RefusedException {
        Object all;
        try {
            all = Json.parse(json);
        } catch (IllegalArgumentException wrong) {
            throw RefusedException.invalid("version data: " + wrong.getMessage());
        }
        if (!(all instanceof Map<?, ?> top)) {
            throw RefusedException.invalid("version data is no object");
        }
        Object capabilities = top.get(CAPABILITIES);
        if (!top.containsKey(CAPABILITIES)) {
            return NONE;
        }
        if (!(capabilities instanceof Map<?, ?> values)) {
            throw RefusedException.invalid("\"" + CAPABILITIES + "\" of the version data is no object");
        }
        return new Capabilities(
                number(values, MAX_MESSAGE_DESCRIPTORS, 1),
                number(values, MAX_TRANSFER, 1),
                number(values, MAX_DMA_MAPS, 0),
                number(values, PAGE_SIZES, 1));
    }

    private static @Nullable Long number(Map<?, ?> values, String name, long least) throws RefusedException {
        if (!values.containsKey(name)) {
            return null;
        }
        if (values.get(name) instanceof Long number && number >= least) {
            return number;
        }
        throw RefusedException.invalid("capability \"" + name + "\" is " + values.get(name)
                + " (expected: a whole number from " + least + " on)");
    }
}
