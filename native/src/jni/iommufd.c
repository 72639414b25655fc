#include "faces.h"

#define RANGES_MAX 256u

FACE(jint, IommufdShim, bind)(JNIEnv *env, jclass type, jint device, jint iommufd)
{
    uint32_t device_id;

    (void)env;
    (void)type;
    return sluice_iommufd_bind(device, iommufd, &device_id);
}

FACE(jint, IommufdShim, attach)(JNIEnv *env, jclass type, jint device, jint ioas)
{
    (void)env;
    (void)type;
    return sluice_iommufd_attach(device, (uint32_t)ioas);
}

FACE(jint, IommufdShim, detach)(JNIEnv *env, jclass type, jint device)
{
    (void)env;
    (void)type;
    return sluice_iommufd_detach(device);
}

/* The id, 32 bits, or -errno. */
FACE(jlong, IommufdShim, alloc)(JNIEnv *env, jclass type, jint iommufd)
{
    uint32_t ioas;
    int result = sluice_iommufd_alloc(iommufd, &ioas);

    (void)env;
    (void)type;
    return result < 0 ? result : (jlong)ioas;
}

FACE(jint, IommufdShim, destroy)(JNIEnv *env, jclass type, jint iommufd, jint id)
{
    (void)env;
    (void)type;
    return sluice_iommufd_destroy(iommufd, (uint32_t)id);
}

/* Words: alignment, then first and last of each range. Returns the number of ranges filled in. */
FACE(jint, IommufdShim, ranges)(JNIEnv *env, jclass type, jint iommufd, jint ioas, jlongArray words)
{
    struct sluice_range ranges[RANGES_MAX];
    uint64_t alignment;
    int count = sluice_iommufd_ranges(iommufd, (uint32_t)ioas, ranges, RANGES_MAX, &alignment);

    (void)type;
    if (count < 0)
        return count;
    if (count > (int)RANGES_MAX)
        count = RANGES_MAX;
    put_words(env, words, 0, &alignment, 1);
    if (count)
        put_words(env, words, 1, ranges, 2 * count);
    return count;
}

FACE(jint, IommufdShim, map)(
    JNIEnv *env, jclass type, jint iommufd, jint ioas, jlong address, jlong bytes, jlong iova, jint access)
{
    (void)env;
    (void)type;
    return sluice_iommufd_map(
        iommufd, (uint32_t)ioas, (const void *)(uintptr_t)address, (uint64_t)bytes, (uint64_t)iova, (uint32_t)access);
}

FACE(jint, IommufdShim, unmap)(JNIEnv *env, jclass type, jint iommufd, jint ioas, jlong iova, jlong bytes)
{
    (void)env;
    (void)type;
    return sluice_iommufd_unmap(iommufd, (uint32_t)ioas, (uint64_t)iova, (uint64_t)bytes);
}
