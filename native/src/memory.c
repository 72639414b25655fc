#define _GNU_SOURCE
#include "checks.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

/* Newer than the headers this may be built with; older kernels answer EINVAL, which is handled where they are used. */
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif
#ifndef MFD_HUGE_2MB
#define MFD_HUGE_2MB (21U << 26)
#endif

int sluice_open(const char *path)
{
    int fd;

    if (!path)
        return -EINVAL;
    do {
        fd = open(path, O_RDWR | O_CLOEXEC);
    } while (fd < 0 && errno == EINTR);
    return fd < 0 ? -errno : fd;
}

int sluice_close(int fd)
{
    /* Linux frees the descriptor before it can be interrupted, so EINTR is not a reason to try again. */
    return close(fd) < 0 && errno != EINTR ? -errno : 0;
}

uint64_t sluice_page_size(void)
{
    return (uint64_t)sysconf(_SC_PAGESIZE);
}

static int new_memfd(const char *name, unsigned int flags)
{
    int fd = memfd_create(name, flags | MFD_NOEXEC_SEAL);

    if (fd < 0 && errno == EINVAL)
        fd = memfd_create(name, flags);
    return fd < 0 ? -errno : fd;
}

static int give_size(int fd, uint64_t bytes)
{
    int result;

    if (ftruncate(fd, (off_t)bytes) < 0)
        return -errno;
    /* Allocating through the file reports a lack of memory; touching the pages through a mapping would raise SIGBUS. */
    do {
        result = fallocate(fd, 0, 0, (off_t)bytes);
    } while (result < 0 && errno == EINTR);
    if (result < 0)
        return -errno;
    if (fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
        return -errno;
    return 0;
}

int sluice_memory_create(const char *name, uint64_t bytes, uint32_t flags)
{
    unsigned int memfd_flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    uint64_t page = sluice_page_size();
    int fd, result;

    if (!name || (flags & ~SLUICE_MEMORY_HUGE))
        return -EINVAL;
    result = sluice_check_range(0, bytes, INT64_MAX);
    if (result < 0)
        return result;
    if (flags & SLUICE_MEMORY_HUGE) {
        memfd_flags |= MFD_HUGETLB | MFD_HUGE_2MB;
        page = SLUICE_HUGE_PAGE_BYTES;
    }
    if (bytes % page)
        return -EINVAL;
    fd = new_memfd(name, memfd_flags);
    if (fd < 0)
        return fd;
    result = give_size(fd, bytes);
    if (result < 0) {
        close(fd);
        return result;
    }
    return fd;
}

int sluice_map(int fd, uint64_t offset, uint64_t bytes, uint32_t access, void **address)
{
    int protection = 0;
    void *mapped;
    int result;

    if (!address || !access || (access & ~(SLUICE_READ | SLUICE_WRITE)))
        return -EINVAL;
    result = sluice_check_range(offset, bytes, INT64_MAX);
    if (result < 0)
        return result;
    if (access & SLUICE_READ)
        protection |= PROT_READ;
    if (access & SLUICE_WRITE)
        protection |= PROT_WRITE;
    mapped = mmap(NULL, bytes, protection, MAP_SHARED, fd, (off_t)offset);
    if (mapped == MAP_FAILED)
        return -errno;
    *address = mapped;
    return 0;
}

static int check_mapping(const void *address, uint64_t bytes)
{
    if (!address)
        return -EINVAL;
    return sluice_check_range((uintptr_t)address, bytes, UINTPTR_MAX);
}

int sluice_populate(void *address, uint64_t bytes)
{
    int result = check_mapping(address, bytes);

    if (result < 0)
        return result;
    do {
        result = madvise(address, bytes, MADV_POPULATE_WRITE);
    } while (result < 0 && errno == EINTR);
    if (result < 0 && errno == EINVAL)
        return (uintptr_t)address % sluice_page_size() ? -EINVAL : 0;
    return result < 0 ? -errno : 0;
}

int sluice_neutralise(void *address, uint64_t bytes)
{
    int result = check_mapping(address, bytes);

    if (result < 0)
        return result;
    if (mmap(address, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0)
        == MAP_FAILED)
        return -errno;
    return 0;
}

int sluice_unmap(void *address, uint64_t bytes)
{
    int result = check_mapping(address, bytes);

    if (result < 0)
        return result;
    return munmap(address, bytes) < 0 ? -errno : 0;
}
