#include "faces.h"

FACE(jint, MemoryShim, open)(JNIEnv *env, jclass type, jstring path)
{
    const char *text = (*env)->GetStringUTFChars(env, path, NULL);
    int result;

    (void)type;
    if (!text)
        return -ENOMEM;
    result = sluice_open(text);
    (*env)->ReleaseStringUTFChars(env, path, text);
    return result;
}

FACE(jint, MemoryShim, close)(JNIEnv *env, jclass type, jint fd)
{
    (void)env;
    (void)type;
    return sluice_close(fd);
}

FACE(jlong, MemoryShim, pageSize)(JNIEnv *env, jclass type)
{
    (void)env;
    (void)type;
    return (jlong)sluice_page_size();
}

FACE(jint, MemoryShim, create)(JNIEnv *env, jclass type, jstring name, jlong bytes, jint flags)
{
    const char *text = (*env)->GetStringUTFChars(env, name, NULL);
    int result;

    (void)type;
    if (!text)
        return -ENOMEM;
    result = sluice_memory_create(text, (uint64_t)bytes, (uint32_t)flags);
    (*env)->ReleaseStringUTFChars(env, name, text);
    return result;
}

/* The address, or -errno: no address of a process is negative. */
FACE(jlong, MemoryShim, map)(JNIEnv *env, jclass type, jint fd, jlong offset, jlong bytes, jint access)
{
    void *address;
    int result = sluice_map(fd, (uint64_t)offset, (uint64_t)bytes, (uint32_t)access, &address);

    (void)env;
    (void)type;
    return result < 0 ? result : (jlong)(uintptr_t)address;
}

FACE(jint, MemoryShim, populate)(JNIEnv *env, jclass type, jlong address, jlong bytes)
{
    (void)env;
    (void)type;
    return sluice_populate((void *)(uintptr_t)address, (uint64_t)bytes);
}

FACE(jint, MemoryShim, neutralise)(JNIEnv *env, jclass type, jlong address, jlong bytes)
{
    (void)env;
    (void)type;
    return sluice_neutralise((void *)(uintptr_t)address, (uint64_t)bytes);
}

FACE(jint, MemoryShim, unmap)(JNIEnv *env, jclass type, jlong address, jlong bytes)
{
    (void)env;
    (void)type;
    return sluice_unmap((void *)(uintptr_t)address, (uint64_t)bytes);
}

FACE(jlong, MemoryShim, address)(JNIEnv *env, jclass type, jobject buffer)
{
    (void)type;
    return (jlong)(uintptr_t)(*env)->GetDirectBufferAddress(env, buffer);
}

FACE(jobject, MemoryShim, buffer)(JNIEnv *env, jclass type, jlong address, jint bytes)
{
    (void)type;
    return (*env)->NewDirectByteBuffer(env, (void *)(uintptr_t)address, bytes);
}
