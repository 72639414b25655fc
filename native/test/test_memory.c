#define _GNU_SOURCE
#include "check.h"
#include "sluice.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGES 4

static uint64_t page;

static int make(uint64_t bytes)
{
    int fd = sluice_memory_create("test", bytes, 0);

    CHECK(fd >= 0);
    return fd;
}

static void memory_is_zeroed_and_shared_between_mappings(void)
{
    int fd = make(PAGES * page);
    unsigned char *one, *other;

    CHECK_IS(0, sluice_map(fd, 0, PAGES * page, SLUICE_READ | SLUICE_WRITE, (void **)&one));
    CHECK_IS(0, sluice_populate(one, PAGES * page));
    CHECK_IS(0, sluice_map(fd, page, page, SLUICE_READ, (void **)&other));
    for (uint64_t i = 0; i < PAGES * page; i++)
        CHECK_IS(0, one[i]);
    one[page] = 7;
    CHECK_IS(7, other[0]);
    CHECK_IS(0, sluice_unmap(one, PAGES * page));
    CHECK_IS(0, sluice_unmap(other, page));
    CHECK_IS(0, sluice_close(fd));
}

static void size_is_sealed(void)
{
    int fd = make(PAGES * page);
    struct stat status;

    CHECK_IS(-1, ftruncate(fd, (off_t)page));
    CHECK_IS(EPERM, errno);
    CHECK_IS(-1, ftruncate(fd, (off_t)(2 * PAGES * page)));
    CHECK_IS(EPERM, errno);
    CHECK_IS(-1, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
    CHECK_IS(EPERM, errno);
    CHECK_IS(0, fstat(fd, &status));
    CHECK_IS(PAGES * page, status.st_size);
    /* All pages are there before anybody touches one. */
    CHECK_IS(PAGES * page / 512, status.st_blocks);
    CHECK_IS(0, sluice_close(fd));
}

static void descriptors_are_closed_on_exec(void)
{
    int fd = make(page);

    CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    CHECK_IS(0, sluice_close(fd));
    fd = sluice_open("/dev/null");
    CHECK(fd >= 0);
    CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    CHECK_IS(0, sluice_close(fd));
}

static void neutral_range_reads_as_zero_and_is_cut_off_from_the_file(void)
{
    int fd = make(2 * page);
    unsigned char *mapped, *witness;

    CHECK_IS(0, sluice_map(fd, 0, 2 * page, SLUICE_READ | SLUICE_WRITE, (void **)&mapped));
    CHECK_IS(0, sluice_map(fd, 0, 2 * page, SLUICE_READ, (void **)&witness));
    memset(mapped, 0xa5, 2 * page);
    CHECK_IS(0, sluice_neutralise(mapped, 2 * page));
    CHECK_IS(0, mapped[0]);
    CHECK_IS(0, mapped[2 * page - 1]);
    mapped[0] = 1;
    CHECK_IS(0xa5, witness[0]);
    CHECK_IS(0, sluice_neutralise(mapped, 2 * page));
    CHECK_IS(0, mapped[0]);
    CHECK_IS(0, sluice_unmap(mapped, 2 * page));
    CHECK_IS(0, sluice_unmap(witness, 2 * page));
    CHECK_IS(0, sluice_close(fd));
}

static void huge_pages_come_or_fail_with_an_error(void)
{
    int fd = sluice_memory_create("huge", SLUICE_HUGE_PAGE_BYTES, SLUICE_MEMORY_HUGE);
    unsigned char *mapped;

    if (fd < 0) {
        CHECK(fd == -ENOMEM || fd == -ENOSPC || fd == -ENOSYS || fd == -EINVAL);
        COULD_NOT_RUN("memory of huge pages: none are free (vm.nr_hugepages)");
        return;
    }
    CHECK_IS(0, sluice_map(fd, 0, SLUICE_HUGE_PAGE_BYTES, SLUICE_READ | SLUICE_WRITE, (void **)&mapped));
    CHECK_IS(0, sluice_populate(mapped, SLUICE_HUGE_PAGE_BYTES));
    mapped[SLUICE_HUGE_PAGE_BYTES - 1] = 1;
    CHECK_IS(0, sluice_neutralise(mapped, SLUICE_HUGE_PAGE_BYTES));
    CHECK_IS(0, mapped[SLUICE_HUGE_PAGE_BYTES - 1]);
    CHECK_IS(0, sluice_unmap(mapped, SLUICE_HUGE_PAGE_BYTES));
    CHECK_IS(0, sluice_close(fd));
}

static void too_many_huge_pages_are_an_error_and_not_a_signal(void)
{
    int fd = sluice_memory_create("huge", UINT64_C(1) << 40, SLUICE_MEMORY_HUGE);

    CHECK(fd < 0);
}

static void senseless_arguments_are_refused(void)
{
    int fd = make(page);
    void *mapped;

    CHECK_IS(-EINVAL, sluice_memory_create(NULL, page, 0));
    CHECK_IS(-EINVAL, sluice_memory_create("x", 0, 0));
    CHECK_IS(-EINVAL, sluice_memory_create("x", page + 1, 0));
    CHECK_IS(-EINVAL, sluice_memory_create("x", page, SLUICE_MEMORY_HUGE));
    CHECK_IS(-EINVAL, sluice_memory_create("x", page, 1u << 31));
    CHECK_IS(-EOVERFLOW, sluice_memory_create("x", UINT64_MAX, 0));
    CHECK_IS(-EINVAL, sluice_map(fd, 0, page, 0, &mapped));
    CHECK_IS(-EINVAL, sluice_map(fd, 0, page, 4, &mapped));
    CHECK_IS(-EINVAL, sluice_map(fd, 0, 0, SLUICE_READ, &mapped));
    CHECK_IS(-EINVAL, sluice_map(fd, 0, page, SLUICE_READ, NULL));
    CHECK_IS(-EINVAL, sluice_map(fd, 1, page, SLUICE_READ, &mapped));
    CHECK_IS(-EOVERFLOW, sluice_map(fd, UINT64_MAX - page, 2 * page, SLUICE_READ, &mapped));
    CHECK_IS(-EOVERFLOW, sluice_map(fd, INT64_MAX, page, SLUICE_READ, &mapped));
    CHECK_IS(-EINVAL, sluice_neutralise(NULL, page));
    CHECK_IS(-EOVERFLOW, sluice_neutralise((void *)(UINTPTR_MAX - page + 1), 2 * page));
    CHECK_IS(-EOVERFLOW, sluice_unmap((void *)page, UINT64_MAX));
    CHECK_IS(-EINVAL, sluice_unmap((void *)page, 0));
    CHECK_IS(-EINVAL, sluice_populate((void *)1, 1));
    CHECK_IS(-EINVAL, sluice_open(NULL));
    CHECK_IS(0, sluice_close(fd));
}

static void wrong_descriptors_are_errors(void)
{
    void *mapped;
    int ends[2];

    CHECK_IS(-EBADF, sluice_close(-1));
    CHECK_IS(-EBADF, sluice_map(-1, 0, page, SLUICE_READ, &mapped));
    CHECK_IS(-ENOENT, sluice_open("/nowhere/at/all"));
    CHECK_IS(0, pipe2(ends, O_CLOEXEC));
    CHECK_IS(-ENODEV, sluice_map(ends[0], 0, page, SLUICE_READ, &mapped));
    CHECK_IS(0, sluice_close(ends[0]));
    CHECK_IS(0, sluice_close(ends[1]));
    CHECK_IS(-EBADF, sluice_close(ends[1]));
}

int main(void)
{
    page = sluice_page_size();
    CHECK_IS(SLUICE_ABI, sluice_abi());
    RUN(memory_is_zeroed_and_shared_between_mappings);
    RUN(size_is_sealed);
    RUN(descriptors_are_closed_on_exec);
    RUN(neutral_range_reads_as_zero_and_is_cut_off_from_the_file);
    RUN(huge_pages_come_or_fail_with_an_error);
    RUN(too_many_huge_pages_are_an_error_and_not_a_signal);
    RUN(senseless_arguments_are_refused);
    RUN(wrong_descriptors_are_errors);
    return 0;
}
