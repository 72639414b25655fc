package io.sluice.linux;

/** The functions of {@code sluice.h} on iommufd; results below 0 are {@code -errno}. */
final class IommufdShim {
    private IommufdShim() {}

    static native int bind(int device, int iommufd);

    static native int attach(int device, int ioas);

    static native int detach(int device);

    static native long alloc(int iommufd);

    static native int destroy(int iommufd, int id);

    static native int ranges(int iommufd, int ioas, long[] words);

    static native int map(int iommufd, int ioas, long address, long bytes, long iova, int access);

    static native int unmap(int iommufd, int ioas, long iova, long bytes);
}
