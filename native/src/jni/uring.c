#include "faces.h"

#define PROBE_WORDS 4

/* The ring's descriptor, its description in `words`; or -errno. */
FACE(jint, RingShim, setup)(JNIEnv *env, jclass type, jint entries, jint flags, jint cpu, jint idle_millis, jlongArray words)
{
    struct sluice_ring_info info;
    int result = sluice_ring_setup((uint32_t)entries, (uint32_t)flags, (uint32_t)cpu, (uint32_t)idle_millis, &info);

    (void)type;
    if (result >= 0)
        put_words(env, words, 0, &info, sizeof(info) / sizeof(jlong));
    return result;
}

FACE(jint, RingShim, enter)(JNIEnv *env, jclass type, jint ring, jint submit, jint complete, jint flags, jlong timeout_nanos)
{
    (void)env;
    (void)type;
    return sluice_ring_enter(ring, (uint32_t)submit, (uint32_t)complete, (uint32_t)flags, timeout_nanos);
}

FACE(jint, RingShim, registerBuffer)(JNIEnv *env, jclass type, jint ring, jlong address, jlong bytes)
{
    (void)env;
    (void)type;
    return sluice_ring_register_buffer(ring, (void *)(uintptr_t)address, (uint64_t)bytes);
}

FACE(jint, RingShim, unregisterBuffer)(JNIEnv *env, jclass type, jint ring)
{
    (void)env;
    (void)type;
    return sluice_ring_unregister_buffer(ring);
}

FACE(jint, RingShim, registerFile)(JNIEnv *env, jclass type, jint ring, jint fd)
{
    (void)env;
    (void)type;
    return sluice_ring_register_file(ring, fd);
}

FACE(jint, RingShim, unregisterFile)(JNIEnv *env, jclass type, jint ring)
{
    (void)env;
    (void)type;
    return sluice_ring_unregister_file(ring);
}

FACE(jint, RingShim, registerEvent)(JNIEnv *env, jclass type, jint ring, jint eventfd)
{
    (void)env;
    (void)type;
    return sluice_ring_register_event(ring, eventfd);
}

FACE(jint, RingShim, unregisterEvent)(JNIEnv *env, jclass type, jint ring)
{
    (void)env;
    (void)type;
    return sluice_ring_unregister_event(ring);
}

FACE(jint, RingShim, probe)(JNIEnv *env, jclass type, jint ring, jlongArray words)
{
    uint64_t supported[PROBE_WORDS];
    int result = sluice_ring_probe(ring, supported);

    (void)type;
    if (result >= 0)
        put_words(env, words, 0, supported, PROBE_WORDS);
    return result;
}
