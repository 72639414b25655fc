#include "checks.h"

#include "capabilities.h"

#include <stdlib.h>
#include <sys/ioctl.h>

int sluice_vfio_check_api(int container)
{
    int version = sluice_result(ioctl(container, VFIO_GET_API_VERSION));

    if (version < 0)
        return version;
    return version == VFIO_API_VERSION ? 0 : -EPROTO;
}

int sluice_vfio_check_extension(int container, uint32_t type)
{
    int answer = sluice_result(ioctl(container, VFIO_CHECK_EXTENSION, (unsigned long)type));

    return answer > 0 ? 1 : answer;
}

int sluice_vfio_group_flags(int group, uint32_t *flags)
{
    struct vfio_group_status status = {.argsz = sizeof(status)};
    int result;

    if (!flags)
        return -EINVAL;
    result = sluice_result(ioctl(group, VFIO_GROUP_GET_STATUS, &status));
    if (result < 0)
        return result;
    *flags = status.flags;
    return 0;
}

int sluice_vfio_group_attach(int group, int container)
{
    return sluice_result(ioctl(group, VFIO_GROUP_SET_CONTAINER, &container));
}

int sluice_vfio_group_detach(int group)
{
    return sluice_result(ioctl(group, VFIO_GROUP_UNSET_CONTAINER));
}

int sluice_vfio_group_device(int group, const char *name)
{
    if (!name)
        return -EINVAL;
    return sluice_result(ioctl(group, VFIO_GROUP_GET_DEVICE_FD, name));
}

int sluice_vfio_set_iommu(int container, uint32_t type)
{
    return sluice_result(ioctl(container, VFIO_SET_IOMMU, (unsigned long)type));
}

int sluice_vfio_iommu_info(
    int container, struct sluice_iommu_info *info, struct sluice_range *ranges, uint32_t capacity)
{
    struct vfio_iommu_type1_info probe = {.argsz = sizeof(probe)};
    struct vfio_iommu_type1_info *answer;
    uint32_t length;
    int result;

    if (!info || (capacity && !ranges))
        return -EINVAL;
    result = sluice_result(ioctl(container, VFIO_IOMMU_GET_INFO, &probe));
    if (result < 0)
        return result;
    length = probe.argsz;
    if (length <= sizeof(probe))
        return sluice_read_iommu_info(&probe, sizeof(probe), info, ranges, capacity);
    if (length > SLUICE_ANSWER_MAX)
        return -EPROTO;
    answer = calloc(1, length);
    if (!answer)
        return -ENOMEM;
    answer->argsz = length;
    result = sluice_result(ioctl(container, VFIO_IOMMU_GET_INFO, answer));
    if (result >= 0)
        result = sluice_read_iommu_info(answer, length, info, ranges, capacity);
    free(answer);
    return result;
}

int sluice_vfio_map(int container, const void *address, uint64_t bytes, uint64_t iova, uint32_t access)
{
    struct vfio_iommu_type1_dma_map map = {
        .argsz = sizeof(map),
        .vaddr = (uintptr_t)address,
        .iova = iova,
        .size = bytes,
    };
    int result;

    if (!access || (access & ~(SLUICE_READ | SLUICE_WRITE)))
        return -EINVAL;
    result = sluice_check_range(iova, bytes, UINT64_MAX);
    if (result < 0)
        return result;
    result = sluice_check_range((uintptr_t)address, bytes, UINTPTR_MAX);
    if (result < 0)
        return result;
    if (access & SLUICE_READ)
        map.flags |= VFIO_DMA_MAP_FLAG_READ;
    if (access & SLUICE_WRITE)
        map.flags |= VFIO_DMA_MAP_FLAG_WRITE;
    return sluice_result(ioctl(container, VFIO_IOMMU_MAP_DMA, &map));
}

int sluice_vfio_unmap(int container, uint64_t iova, uint64_t bytes)
{
    struct vfio_iommu_type1_dma_unmap unmap = {.argsz = sizeof(unmap), .iova = iova, .size = bytes};
    int result = sluice_check_range(iova, bytes, UINT64_MAX);

    if (result < 0)
        return result;
    result = sluice_result(ioctl(container, VFIO_IOMMU_UNMAP_DMA, &unmap));
    if (result < 0)
        return result;
    /* The kernel says how much it unmapped, and unmapping nothing is success to it. */
    return unmap.size == bytes ? 0 : -ENOENT;
}
