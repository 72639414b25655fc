#include "faces.h"

#include <string.h>

/* The largest structure that a drive is asked for. */
#define ANSWER_MAX 4096

FACE(jint, FileShim, open)(JNIEnv *env, jclass type, jstring path, jint flags)
{
    const char *text = (*env)->GetStringUTFChars(env, path, NULL);
    int result;

    (void)type;
    if (!text)
        return -ENOMEM;
    result = sluice_file_open(text, (uint32_t)flags);
    (*env)->ReleaseStringUTFChars(env, path, text);
    return result;
}

FACE(jint, FileShim, info)(JNIEnv *env, jclass type, jint fd, jlongArray words)
{
    struct sluice_file_info info;
    int result = sluice_file_info(fd, &info);

    (void)type;
    if (result >= 0)
        put_words(env, words, 0, &info, sizeof(info) / sizeof(jlong));
    return result;
}

FACE(jlong, FileShim, nvmeNamespace)(JNIEnv *env, jclass type, jint fd)
{
    (void)env;
    (void)type;
    return sluice_nvme_namespace(fd);
}

/* Fills the array, of up to 4096 bytes; the kernel is given memory of our own, which no collector moves. */
FACE(jint, FileShim, nvmeRead)(JNIEnv *env, jclass type, jint fd, jint opcode, jint namespace_id, jint dword10, jbyteArray data,
    jint timeout_millis)
{
    jbyte answer[ANSWER_MAX];
    jsize bytes = (*env)->GetArrayLength(env, data);
    int result;

    (void)type;
    if (bytes > ANSWER_MAX)
        return -EINVAL;
    memset(answer, 0, sizeof(answer));
    result = sluice_nvme_read(
        fd, (uint32_t)opcode, (uint32_t)namespace_id, (uint32_t)dword10, answer, (uint32_t)bytes, (uint32_t)timeout_millis);
    if (result == 0)
        (*env)->SetByteArrayRegion(env, data, 0, bytes, answer);
    return result;
}
