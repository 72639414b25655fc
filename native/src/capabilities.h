/*
 * Reading what VFIO answers: a structure, then a chain of capabilities linked by offsets. The kernel is trusted with memory
 * but not with arithmetic: every offset and count is checked against the bytes that are really there. Not part of the ABI.
 */
#ifndef SLUICE_CAPABILITIES_H
#define SLUICE_CAPABILITIES_H

#include <linux/vfio.h>
#include <stddef.h>

/*
 * Finds the capability `id` in an answer of `length` bytes whose chain begins at `first` (0: no chain) and whose fixed part
 * has `fixed` bytes. Stores where it is and how many bytes there are from there to the end of the answer.
 * Returns 1, 0 when the chain has none, -EPROTO when it is malformed.
 */
int sluice_find_capability(
    const void *answer, size_t length, size_t fixed, uint32_t first, uint16_t id, size_t *where, size_t *rest);

/* VFIO_IOMMU_GET_INFO's answer; see sluice_vfio_iommu_info. */
int sluice_read_iommu_info(
    const void *answer, size_t length, struct sluice_iommu_info *info, struct sluice_range *ranges, uint32_t capacity);

/* VFIO_DEVICE_GET_REGION_INFO's answer; see sluice_vfio_region_info. */
int sluice_read_region_info(
    const void *answer, size_t length, struct sluice_region_info *info, struct sluice_area *areas, uint32_t capacity);

/* No answer of VFIO comes near it; what claims to be larger is an error and not a reason to allocate. */
#define SLUICE_ANSWER_MAX (256u << 10)

#endif
