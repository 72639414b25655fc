package io.sluice.linux;

/** The functions of {@code sluice.h} on VFIO containers, groups and devices; results below 0 are {@code -errno}. */
final class VfioShim {
    /** Room for every pair of words that the shim fills in, and the fixed words before them. */
    static final int WORDS = 3 + 2 * 256;

    private VfioShim() {}

    static native int checkApi(int container);

    static native int checkExtension(int container, int type);

    static native int groupFlags(int group);

    static native int groupAttach(int group, int container);

    static native int groupDetach(int group);

    static native int groupDevice(int group, String name);

    static native int setIommu(int container, int type);

    static native int iommuInfo(int container, long[] words);

    static native int map(int container, long address, long bytes, long iova, int access);

    static native int unmap(int container, long iova, long bytes);

    static native int deviceInfo(int device, long[] words);

    static native int regionInfo(int device, int index, long[] words);

    static native int irqInfo(int device, int index, long[] words);

    static native int irqSet(int device, int index, int start, int[] fds);

    static native int irqDisable(int device, int index);

    static native int irqMask(int device, int index, boolean masked);

    static native int reset(int device);

    static native int readRegister(int device, long position, int width, long[] words);

    static native int writeRegister(int device, long position, int width, long value);
}
