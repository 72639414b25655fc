/* Opening and describing files: a regular one, nodes, and what is neither. */
#define _GNU_SOURCE
#include "check.h"
#include "sluice.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BYTES 12345

static char path[] = "/tmp/sluice-test-file-XXXXXX";

static void a_regular_file_is_described(void)
{
    int fd = sluice_file_open(path, SLUICE_FILE_WRITE);
    struct sluice_file_info info;
    struct stat status;

    CHECK(fd >= 0);
    CHECK_IS(0, sluice_file_info(fd, &info));
    CHECK_IS(S_IFREG, info.type);
    CHECK_IS(BYTES, info.bytes);
    CHECK_IS(0, info.block_bytes);
    CHECK_IS(0, info.read_only);
    CHECK_IS(0, fstat(fd, &status));
    CHECK_IS(status.st_dev, (info.major << 8) | info.minor);
    /* Both or none; powers of two. */
    CHECK_IS(info.memory_alignment == 0, info.offset_alignment == 0);
    CHECK_IS(0, info.memory_alignment & (info.memory_alignment - 1));
    CHECK_IS(0, info.offset_alignment & (info.offset_alignment - 1));
    CHECK_IS(0, sluice_close(fd));
}

static void a_file_opened_for_reading_takes_no_writes(void)
{
    int fd = sluice_file_open(path, 0);

    CHECK(fd >= 0);
    CHECK_IS(-1, pwrite(fd, "x", 1, 0));
    CHECK_IS(EBADF, errno);
    CHECK_IS(FD_CLOEXEC, fcntl(fd, F_GETFD));
    CHECK_IS(0, sluice_close(fd));
}

static void a_character_device_is_described(void)
{
    int fd = sluice_file_open("/dev/null", SLUICE_FILE_WRITE);
    struct sluice_file_info info;

    CHECK(fd >= 0);
    CHECK_IS(0, sluice_file_info(fd, &info));
    CHECK_IS(S_IFCHR, info.type);
    CHECK_IS(1, info.major);
    CHECK_IS(3, info.minor);
    CHECK_IS(0, sluice_close(fd));
}

static void what_is_no_nvme_namespace_says_so(void)
{
    int fd = sluice_file_open(path, 0);
    char data[16];

    CHECK(fd >= 0);
    CHECK_IS(-ENOTTY, sluice_nvme_namespace(fd));
    CHECK_IS(-ENOTTY, sluice_nvme_read(fd, 6, 1, 0, data, sizeof(data), 1000));
    CHECK_IS(0, sluice_close(fd));
}

static void senseless_arguments_are_refused(void)
{
    struct sluice_file_info info;
    char data[16];

    CHECK_IS(-EINVAL, sluice_file_open(NULL, 0));
    CHECK_IS(-EINVAL, sluice_file_open(path, 1u << 31));
    CHECK_IS(-ENOENT, sluice_file_open("/nowhere/at/all", SLUICE_FILE_WRITE));
    CHECK_IS(-EINVAL, sluice_file_info(0, NULL));
    CHECK_IS(-EBADF, sluice_file_info(-1, &info));
    CHECK_IS(-EBADF, sluice_nvme_namespace(-1));
    CHECK_IS(-EBADF, sluice_nvme_read(-1, 6, 1, 0, data, sizeof(data), 0));
    CHECK_IS(-EINVAL, sluice_nvme_read(-1, 256, 1, 0, data, sizeof(data), 0));
    CHECK_IS(-EINVAL, sluice_nvme_read(-1, 6, 1, 0, NULL, 16, 0));
    CHECK_IS(-EINVAL, sluice_nvme_read(-1, 6, 1, 0, data, 0, 0));
}

int main(void)
{
    int fd = mkstemp(path);

    CHECK(fd >= 0);
    CHECK_IS(0, ftruncate(fd, BYTES));
    CHECK_IS(0, sluice_close(fd));
    RUN(a_regular_file_is_described);
    RUN(a_file_opened_for_reading_takes_no_writes);
    RUN(a_character_device_is_described);
    RUN(what_is_no_nvme_namespace_says_so);
    RUN(senseless_arguments_are_refused);
    CHECK_IS(0, unlink(path));
    return 0;
}
