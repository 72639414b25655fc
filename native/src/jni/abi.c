#include "faces.h"

FACE(jint, NativeLibrary, abi)(JNIEnv *env, jclass type)
{
    (void)env;
    (void)type;
    return (jint)sluice_abi();
}
