/* Checks that every file needs: sizes from outside, results of the kernel, layouts. Not part of the ABI. */
#ifndef SLUICE_CHECKS_H
#define SLUICE_CHECKS_H

#include <errno.h>
#include <stdint.h>

#include "sluice.h"

_Static_assert(sizeof(void *) == 8, "addresses are handed to Java as 64 bits");
_Static_assert(sizeof(struct sluice_range) == 16, "Java takes it as two longs");
_Static_assert(sizeof(struct sluice_area) == 16, "Java takes it as two longs");
_Static_assert(sizeof(struct sluice_iommu_info) == 16, "Java takes it as two longs");
_Static_assert(sizeof(struct sluice_device_info) == 24, "Java takes it as three longs");
_Static_assert(sizeof(struct sluice_region_info) == 24, "Java takes it as three longs");
_Static_assert(sizeof(struct sluice_irq_info) == 16, "Java takes it as two longs");
_Static_assert(sizeof(struct sluice_ring_info) == 112, "Java takes it as fourteen longs");
_Static_assert(sizeof(struct sluice_file_info) == 64, "Java takes it as eight longs");

/* Whether [first, first + bytes) is a range of a space that ends at `end`; -EINVAL when empty, -EOVERFLOW when it wraps. */
static inline int sluice_check_range(uint64_t first, uint64_t bytes, uint64_t end)
{
    if (bytes == 0)
        return -EINVAL;
    if (first > end || bytes > end - first)
        return -EOVERFLOW;
    return 0;
}

/* What a system call returned, as every function here returns it. */
static inline int sluice_result(int returned)
{
    return returned < 0 ? -errno : returned;
}

#endif
