#include "faces.h"

/* More areas or ranges than any device or IOMMU reports; what is beyond is not handed to Java. */
#define PAIRS_MAX 256u

FACE(jint, VfioShim, checkApi)(JNIEnv *env, jclass type, jint container)
{
    (void)env;
    (void)type;
    return sluice_vfio_check_api(container);
}

FACE(jint, VfioShim, checkExtension)(JNIEnv *env, jclass type, jint container, jint iommu_type)
{
    (void)env;
    (void)type;
    return sluice_vfio_check_extension(container, (uint32_t)iommu_type);
}

/* VFIO_GROUP_FLAGS_*, or -errno: the flags are few and low. */
FACE(jint, VfioShim, groupFlags)(JNIEnv *env, jclass type, jint group)
{
    uint32_t flags;
    int result = sluice_vfio_group_flags(group, &flags);

    (void)env;
    (void)type;
    return result < 0 ? result : (jint)(flags & INT32_MAX);
}

FACE(jint, VfioShim, groupAttach)(JNIEnv *env, jclass type, jint group, jint container)
{
    (void)env;
    (void)type;
    return sluice_vfio_group_attach(group, container);
}

FACE(jint, VfioShim, groupDetach)(JNIEnv *env, jclass type, jint group)
{
    (void)env;
    (void)type;
    return sluice_vfio_group_detach(group);
}

FACE(jint, VfioShim, groupDevice)(JNIEnv *env, jclass type, jint group, jstring name)
{
    const char *text = (*env)->GetStringUTFChars(env, name, NULL);
    int result;

    (void)type;
    if (!text)
        return -ENOMEM;
    result = sluice_vfio_group_device(group, text);
    (*env)->ReleaseStringUTFChars(env, name, text);
    return result;
}

FACE(jint, VfioShim, setIommu)(JNIEnv *env, jclass type, jint container, jint iommu_type)
{
    (void)env;
    (void)type;
    return sluice_vfio_set_iommu(container, (uint32_t)iommu_type);
}

/* Words: page sizes, maps available, then first and last of each range. Returns the number of ranges filled in. */
FACE(jint, VfioShim, iommuInfo)(JNIEnv *env, jclass type, jint container, jlongArray words)
{
    struct sluice_iommu_info info;
    struct sluice_range ranges[PAIRS_MAX];
    int count = sluice_vfio_iommu_info(container, &info, ranges, PAIRS_MAX);

    (void)type;
    if (count < 0)
        return count;
    if (count > (int)PAIRS_MAX)
        count = PAIRS_MAX;
    put_words(env, words, 0, &info, 2);
    if (count)
        put_words(env, words, 2, ranges, 2 * count);
    return count;
}

FACE(jint, VfioShim, map)(JNIEnv *env, jclass type, jint container, jlong address, jlong bytes, jlong iova, jint access)
{
    (void)env;
    (void)type;
    return sluice_vfio_map(
        container, (const void *)(uintptr_t)address, (uint64_t)bytes, (uint64_t)iova, (uint32_t)access);
}

FACE(jint, VfioShim, unmap)(JNIEnv *env, jclass type, jint container, jlong iova, jlong bytes)
{
    (void)env;
    (void)type;
    return sluice_vfio_unmap(container, (uint64_t)iova, (uint64_t)bytes);
}

/* Words: flags, regions, interrupts. */
FACE(jint, VfioShim, deviceInfo)(JNIEnv *env, jclass type, jint device, jlongArray words)
{
    struct sluice_device_info info;
    int result = sluice_vfio_device_info(device, &info);

    (void)type;
    if (result >= 0)
        put_words(env, words, 0, &info, 3);
    return result;
}

/* Words: flags, size, offset, then offset and size of each area. Returns the number of areas filled in. */
FACE(jint, VfioShim, regionInfo)(JNIEnv *env, jclass type, jint device, jint index, jlongArray words)
{
    struct sluice_region_info info;
    struct sluice_area areas[PAIRS_MAX];
    int count = sluice_vfio_region_info(device, (uint32_t)index, &info, areas, PAIRS_MAX);

    (void)type;
    if (count < 0)
        return count;
    if (count > (int)PAIRS_MAX)
        count = PAIRS_MAX;
    put_words(env, words, 0, &info, 3);
    if (count)
        put_words(env, words, 3, areas, 2 * count);
    return count;
}

/* Words: flags, count. */
FACE(jint, VfioShim, irqInfo)(JNIEnv *env, jclass type, jint device, jint index, jlongArray words)
{
    struct sluice_irq_info info;
    int result = sluice_vfio_irq_info(device, (uint32_t)index, &info);

    (void)type;
    if (result >= 0)
        put_words(env, words, 0, &info, 2);
    return result;
}

FACE(jint, VfioShim, irqSet)(JNIEnv *env, jclass type, jint device, jint index, jint start, jintArray fds)
{
    jint copy[SLUICE_IRQ_MAX];
    jsize count = (*env)->GetArrayLength(env, fds);

    (void)type;
    if (count <= 0 || count > (jsize)SLUICE_IRQ_MAX)
        return -EINVAL;
    (*env)->GetIntArrayRegion(env, fds, 0, count, copy);
    return sluice_vfio_irq_set(device, (uint32_t)index, (uint32_t)start, copy, (uint32_t)count);
}

FACE(jint, VfioShim, irqDisable)(JNIEnv *env, jclass type, jint device, jint index)
{
    (void)env;
    (void)type;
    return sluice_vfio_irq_disable(device, (uint32_t)index);
}

FACE(jint, VfioShim, irqMask)(JNIEnv *env, jclass type, jint device, jint index, jboolean masked)
{
    (void)env;
    (void)type;
    return sluice_vfio_irq_mask(device, (uint32_t)index, masked);
}

FACE(jint, VfioShim, reset)(JNIEnv *env, jclass type, jint device)
{
    (void)env;
    (void)type;
    return sluice_vfio_reset(device);
}

/* Word 0: the value. */
FACE(jint, VfioShim, readRegister)(JNIEnv *env, jclass type, jint device, jlong position, jint width, jlongArray words)
{
    uint64_t value;
    int result = sluice_register_read(device, (uint64_t)position, (uint32_t)width, &value);

    (void)type;
    if (result >= 0)
        put_words(env, words, 0, &value, 1);
    return result;
}

FACE(jint, VfioShim, writeRegister)(JNIEnv *env, jclass type, jint device, jlong position, jint width, jlong value)
{
    (void)env;
    (void)type;
    return sluice_register_write(device, (uint64_t)position, (uint32_t)width, (uint64_t)value);
}
