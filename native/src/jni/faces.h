/* What every JNI face needs. A face converts arguments and nothing else: checks and errors are the ABI's (sluice.h). */
#ifndef SLUICE_JNI_FACES_H
#define SLUICE_JNI_FACES_H

#include <jni.h>

#include "../checks.h"

#define FACE(type, class, method) JNIEXPORT type JNICALL Java_io_sluice_linux_##class##_##method

_Static_assert(sizeof(jlong) == sizeof(uint64_t), "structures of uint64_t are filled into a long[]");

/* Copies `count` words into a Java long[] from `at` on; a short array leaves an exception pending, as JNI does. */
static inline void put_words(JNIEnv *env, jlongArray array, jsize at, const void *words, jsize count)
{
    (*env)->SetLongArrayRegion(env, array, at, count, (const jlong *)words);
}

#endif
