#include "faces.h"

FACE(jint, EventShim, create)(JNIEnv *env, jclass type)
{
    (void)env;
    (void)type;
    return sluice_eventfd_create();
}

/* 1 came, 0 the time is over, -errno. */
FACE(jint, EventShim, await)(JNIEnv *env, jclass type, jint fd, jlong timeout_nanos)
{
    uint64_t count;

    (void)env;
    (void)type;
    return sluice_eventfd_await(fd, timeout_nanos, &count);
}

FACE(jint, EventShim, signal)(JNIEnv *env, jclass type, jint fd)
{
    (void)env;
    (void)type;
    return sluice_eventfd_signal(fd);
}
