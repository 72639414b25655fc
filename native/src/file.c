#define _GNU_SOURCE
#include "checks.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/nvme_ioctl.h>
#include <linux/stat.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int sluice_file_open(const char *path, uint32_t flags)
{
    int mode = O_CLOEXEC;
    int fd;

    if (!path || (flags & ~(SLUICE_FILE_WRITE | SLUICE_FILE_DIRECT | SLUICE_FILE_EXCLUSIVE)))
        return -EINVAL;
    mode |= flags & SLUICE_FILE_WRITE ? O_RDWR : O_RDONLY;
    if (flags & SLUICE_FILE_DIRECT)
        mode |= O_DIRECT;
    if (flags & SLUICE_FILE_EXCLUSIVE)
        mode |= O_EXCL;
    do {
        fd = open(path, mode);
    } while (fd < 0 && errno == EINTR);
    return fd < 0 ? -errno : fd;
}

static int block_device_info(int fd, struct sluice_file_info *info)
{
    uint64_t bytes;
    int block, read_only;

    if (ioctl(fd, BLKGETSIZE64, &bytes) < 0 || ioctl(fd, BLKSSZGET, &block) < 0 || ioctl(fd, BLKROGET, &read_only) < 0)
        return -errno;
    info->bytes = bytes;
    info->block_bytes = (uint64_t)block;
    info->read_only = read_only != 0;
    return 0;
}

int sluice_file_info(int fd, struct sluice_file_info *info)
{
    struct statx status;

    if (!info)
        return -EINVAL;
    /* The kernel's own structure and call: the C library's may be older than the fields wanted. */
    memset(&status, 0, sizeof(status));
    if (syscall(SYS_statx, fd, "", AT_EMPTY_PATH, STATX_TYPE | STATX_SIZE | STATX_DIOALIGN, &status) < 0)
        return -errno;
    memset(info, 0, sizeof(*info));
    info->type = status.stx_mode & S_IFMT;
    info->bytes = status.stx_size;
    if (status.stx_mask & STATX_DIOALIGN) {
        info->memory_alignment = status.stx_dio_mem_align;
        info->offset_alignment = status.stx_dio_offset_align;
    }
    if (info->type == S_IFREG) {
        info->major = status.stx_dev_major;
        info->minor = status.stx_dev_minor;
    } else {
        info->major = status.stx_rdev_major;
        info->minor = status.stx_rdev_minor;
    }
    return info->type == S_IFBLK ? block_device_info(fd, info) : 0;
}

int64_t sluice_nvme_namespace(int fd)
{
    int id = ioctl(fd, NVME_IOCTL_ID);

    /* -1 is both a failure and, as a bit pattern, the identifier that stands for all namespaces; no node has that one. */
    return id == -1 ? -(int64_t)errno : (int64_t)(uint32_t)id;
}

int sluice_nvme_read(
    int fd, uint32_t opcode, uint32_t namespace_id, uint32_t dword10, void *data, uint32_t bytes, uint32_t timeout_millis)
{
    struct nvme_admin_cmd command = {
        .opcode = (uint8_t)opcode,
        .nsid = namespace_id,
        .addr = (uint64_t)(uintptr_t)data,
        .data_len = bytes,
        .cdw10 = dword10,
        .timeout_ms = timeout_millis,
    };

    if (opcode > UINT8_MAX || !data || bytes == 0)
        return -EINVAL;
    return sluice_result(ioctl(fd, NVME_IOCTL_ADMIN_CMD, &command));
}
