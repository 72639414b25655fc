#include "checks.h"

#include "capabilities.h"

#include <string.h>

int sluice_find_capability(
    const void *answer, size_t length, size_t fixed, uint32_t first, uint16_t id, size_t *where, size_t *rest)
{
    const unsigned char *bytes = answer;
    size_t at = first;
    size_t before = 0;

    while (at != 0) {
        struct vfio_info_cap_header header;

        /* The kernel links them in rising order; insisting on it is what makes a loop impossible. */
        if (at < fixed || at <= before || at > length || length - at < sizeof(header))
            return -EPROTO;
        memcpy(&header, bytes + at, sizeof(header));
        if (header.id == id) {
            *where = at;
            *rest = length - at;
            return 1;
        }
        before = at;
        at = header.next;
    }
    return 0;
}

int sluice_read_iommu_info(
    const void *answer, size_t length, struct sluice_iommu_info *info, struct sluice_range *ranges, uint32_t capacity)
{
    const unsigned char *bytes = answer;
    struct vfio_iommu_type1_info fixed = {0};
    struct vfio_iommu_type1_info_cap_iova_range iova;
    struct vfio_iommu_type1_info_dma_avail available;
    size_t where, rest;
    int found;

    if (length < offsetof(struct vfio_iommu_type1_info, cap_offset))
        return -EPROTO;
    memcpy(&fixed, bytes, length < sizeof(fixed) ? length : sizeof(fixed));
    info->page_sizes = fixed.flags & VFIO_IOMMU_INFO_PGSIZES ? fixed.iova_pgsizes : 0;
    info->maps_available = UINT64_MAX;
    if (!(fixed.flags & VFIO_IOMMU_INFO_CAPS) || length < sizeof(fixed))
        return 0;

    found = sluice_find_capability(
        answer, length, sizeof(fixed), fixed.cap_offset, VFIO_IOMMU_TYPE1_INFO_DMA_AVAIL, &where, &rest);
    if (found < 0)
        return found;
    if (found) {
        if (rest < sizeof(available))
            return -EPROTO;
        memcpy(&available, bytes + where, sizeof(available));
        info->maps_available = available.avail;
    }

    found = sluice_find_capability(
        answer, length, sizeof(fixed), fixed.cap_offset, VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE, &where, &rest);
    if (found <= 0)
        return found;
    if (rest < sizeof(iova))
        return -EPROTO;
    memcpy(&iova, bytes + where, sizeof(iova));
    if (iova.nr_iovas > (rest - sizeof(iova)) / sizeof(struct vfio_iova_range))
        return -EPROTO;
    for (uint32_t i = 0; i < iova.nr_iovas && i < capacity; i++) {
        struct vfio_iova_range range;

        memcpy(&range, bytes + where + sizeof(iova) + i * sizeof(range), sizeof(range));
        ranges[i].first = range.start;
        ranges[i].last = range.end;
    }
    return (int)iova.nr_iovas;
}

int sluice_read_region_info(
    const void *answer, size_t length, struct sluice_region_info *info, struct sluice_area *areas, uint32_t capacity)
{
    const unsigned char *bytes = answer;
    struct vfio_region_info fixed;
    struct vfio_region_info_cap_sparse_mmap sparse;
    size_t where, rest;
    int found;

    if (length < sizeof(fixed))
        return -EPROTO;
    memcpy(&fixed, bytes, sizeof(fixed));
    info->flags = fixed.flags;
    info->size = fixed.size;
    info->offset = fixed.offset;
    if (!(fixed.flags & VFIO_REGION_INFO_FLAG_CAPS))
        return 0;
    found = sluice_find_capability(
        answer, length, sizeof(fixed), fixed.cap_offset, VFIO_REGION_INFO_CAP_SPARSE_MMAP, &where, &rest);
    if (found <= 0)
        return found;
    if (rest < sizeof(sparse))
        return -EPROTO;
    memcpy(&sparse, bytes + where, sizeof(sparse));
    if (sparse.nr_areas > (rest - sizeof(sparse)) / sizeof(struct vfio_region_sparse_mmap_area))
        return -EPROTO;
    for (uint32_t i = 0; i < sparse.nr_areas && i < capacity; i++) {
        struct vfio_region_sparse_mmap_area area;

        memcpy(&area, bytes + where + sizeof(sparse) + i * sizeof(area), sizeof(area));
        if (area.offset > fixed.size || area.size > fixed.size - area.offset)
            return -EPROTO;
        areas[i].offset = area.offset;
        areas[i].size = area.size;
    }
    return (int)sparse.nr_areas;
}
