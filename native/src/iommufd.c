#include "checks.h"

#include "iommufd_kernel.h"

#include <stddef.h>
#include <sys/ioctl.h>

_Static_assert(sizeof(struct sluice_range) == sizeof(struct iommu_iova_range), "ranges are filled in place");
_Static_assert(offsetof(struct sluice_range, last) == offsetof(struct iommu_iova_range, last), "ranges are filled in place");

int sluice_iommufd_bind(int device, int iommufd, uint32_t *device_id)
{
    struct vfio_device_bind_iommufd bind = {.argsz = SLUICE_BIND_BYTES, .iommufd = iommufd};
    int result;

    if (!device_id)
        return -EINVAL;
    result = sluice_result(ioctl(device, VFIO_DEVICE_BIND_IOMMUFD, &bind));
    if (result < 0)
        return result;
    *device_id = bind.out_devid;
    return 0;
}

int sluice_iommufd_attach(int device, uint32_t ioas)
{
    struct vfio_device_attach_iommufd_pt attach = {.argsz = SLUICE_ATTACH_BYTES, .pt_id = ioas};

    return sluice_result(ioctl(device, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &attach));
}

int sluice_iommufd_detach(int device)
{
    struct vfio_device_detach_iommufd_pt detach = {.argsz = SLUICE_DETACH_BYTES};

    return sluice_result(ioctl(device, VFIO_DEVICE_DETACH_IOMMUFD_PT, &detach));
}

int sluice_iommufd_alloc(int iommufd, uint32_t *ioas)
{
    struct iommu_ioas_alloc alloc = {.size = sizeof(alloc)};
    int result;

    if (!ioas)
        return -EINVAL;
    result = sluice_result(ioctl(iommufd, IOMMU_IOAS_ALLOC, &alloc));
    if (result < 0)
        return result;
    *ioas = alloc.out_ioas_id;
    return 0;
}

int sluice_iommufd_destroy(int iommufd, uint32_t id)
{
    struct iommu_destroy destroy = {.size = sizeof(destroy), .id = id};

    return sluice_result(ioctl(iommufd, IOMMU_DESTROY, &destroy));
}

int sluice_iommufd_ranges(
    int iommufd, uint32_t ioas, struct sluice_range *ranges, uint32_t capacity, uint64_t *alignment)
{
    struct iommu_ioas_iova_ranges query = {
        .size = sizeof(query),
        .ioas_id = ioas,
        .num_iovas = capacity,
        .allowed_iovas = (uintptr_t)ranges,
    };
    int result;

    if (!alignment || (capacity && !ranges))
        return -EINVAL;
    result = sluice_result(ioctl(iommufd, IOMMU_IOAS_IOVA_RANGES, &query));
    /* Too small an array is no failure: what fits is filled in, and the number says how many there are. */
    if (result < 0 && result != -EMSGSIZE)
        return result;
    if (query.num_iovas > INT32_MAX)
        return -EPROTO;
    *alignment = query.out_iova_alignment;
    return (int)query.num_iovas;
}

int sluice_iommufd_map(
    int iommufd, uint32_t ioas, const void *address, uint64_t bytes, uint64_t iova, uint32_t access)
{
    struct iommu_ioas_map map = {
        .size = sizeof(map),
        .flags = IOMMU_IOAS_MAP_FIXED_IOVA,
        .ioas_id = ioas,
        .user_va = (uintptr_t)address,
        .length = bytes,
        .iova = iova,
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
        map.flags |= IOMMU_IOAS_MAP_READABLE;
    if (access & SLUICE_WRITE)
        map.flags |= IOMMU_IOAS_MAP_WRITEABLE;
    return sluice_result(ioctl(iommufd, IOMMU_IOAS_MAP, &map));
}

int sluice_iommufd_unmap(int iommufd, uint32_t ioas, uint64_t iova, uint64_t bytes)
{
    struct iommu_ioas_unmap unmap = {.size = sizeof(unmap), .ioas_id = ioas, .iova = iova, .length = bytes};
    int result = sluice_check_range(iova, bytes, UINT64_MAX);

    if (result < 0)
        return result;
    return sluice_result(ioctl(iommufd, IOMMU_IOAS_UNMAP, &unmap));
}
