/*
 * The kernel's iommufd interface (linux/iommufd.h, Linux 6.2) and the VFIO character-device calls (linux/vfio.h, Linux 6.6).
 * Where the headers that this is built with are older, the same numbers and layouts are declared here: they are the
 * kernel's user ABI and do not change. Whether the running kernel has them shows when /dev/iommu is opened.
 */
#ifndef SLUICE_IOMMUFD_KERNEL_H
#define SLUICE_IOMMUFD_KERNEL_H

#include <linux/ioctl.h>
#include <linux/types.h>
#include <linux/vfio.h>

#if defined(__has_include) && !defined(SLUICE_OWN_IOMMUFD)
#if __has_include(<linux/iommufd.h>)
#include <linux/iommufd.h>
#define SLUICE_HAS_IOMMUFD_H
#endif
#endif

#ifndef SLUICE_HAS_IOMMUFD_H

#define IOMMUFD_TYPE (';')

struct iommu_destroy {
    __u32 size;
    __u32 id;
};
#define IOMMU_DESTROY _IO(IOMMUFD_TYPE, 0x80)

struct iommu_ioas_alloc {
    __u32 size;
    __u32 flags;
    __u32 out_ioas_id;
};
#define IOMMU_IOAS_ALLOC _IO(IOMMUFD_TYPE, 0x81)

struct iommu_iova_range {
    __aligned_u64 start;
    __aligned_u64 last;
};

struct iommu_ioas_iova_ranges {
    __u32 size;
    __u32 ioas_id;
    __u32 num_iovas;
    __u32 __reserved;
    __aligned_u64 allowed_iovas;
    __aligned_u64 out_iova_alignment;
};
#define IOMMU_IOAS_IOVA_RANGES _IO(IOMMUFD_TYPE, 0x84)

#define IOMMU_IOAS_MAP_FIXED_IOVA (1u << 0)
#define IOMMU_IOAS_MAP_WRITEABLE (1u << 1)
#define IOMMU_IOAS_MAP_READABLE (1u << 2)

struct iommu_ioas_map {
    __u32 size;
    __u32 flags;
    __u32 ioas_id;
    __u32 __reserved;
    __aligned_u64 user_va;
    __aligned_u64 length;
    __aligned_u64 iova;
};
#define IOMMU_IOAS_MAP _IO(IOMMUFD_TYPE, 0x85)

struct iommu_ioas_unmap {
    __u32 size;
    __u32 ioas_id;
    __aligned_u64 iova;
    __aligned_u64 length;
};
#define IOMMU_IOAS_UNMAP _IO(IOMMUFD_TYPE, 0x86)

#endif

#ifndef VFIO_DEVICE_BIND_IOMMUFD

struct vfio_device_bind_iommufd {
    __u32 argsz;
    __u32 flags;
    __s32 iommufd;
    __u32 out_devid;
};
#define VFIO_DEVICE_BIND_IOMMUFD _IO(VFIO_TYPE, VFIO_BASE + 18)

struct vfio_device_attach_iommufd_pt {
    __u32 argsz;
    __u32 flags;
    __u32 pt_id;
};
#define VFIO_DEVICE_ATTACH_IOMMUFD_PT _IO(VFIO_TYPE, VFIO_BASE + 19)

struct vfio_device_detach_iommufd_pt {
    __u32 argsz;
    __u32 flags;
};
#define VFIO_DEVICE_DETACH_IOMMUFD_PT _IO(VFIO_TYPE, VFIO_BASE + 20)

#endif

/*
 * The calls carry the size of their structure. Headers newer than this code may have longer ones, so what is sent is the
 * length of the first published form, which every kernel with the call accepts.
 */
#define SLUICE_BIND_BYTES 16
#define SLUICE_ATTACH_BYTES 12
#define SLUICE_DETACH_BYTES 8

_Static_assert(sizeof(struct iommu_destroy) == 8, "kernel ABI");
_Static_assert(sizeof(struct iommu_ioas_alloc) == 12, "kernel ABI");
_Static_assert(sizeof(struct iommu_iova_range) == 16, "kernel ABI");
_Static_assert(sizeof(struct iommu_ioas_iova_ranges) == 32, "kernel ABI");
_Static_assert(sizeof(struct iommu_ioas_map) == 40, "kernel ABI");
_Static_assert(sizeof(struct iommu_ioas_unmap) == 24, "kernel ABI");
_Static_assert(sizeof(struct vfio_device_bind_iommufd) >= SLUICE_BIND_BYTES, "kernel ABI");
_Static_assert(sizeof(struct vfio_device_attach_iommufd_pt) >= SLUICE_ATTACH_BYTES, "kernel ABI");
_Static_assert(sizeof(struct vfio_device_detach_iommufd_pt) >= SLUICE_DETACH_BYTES, "kernel ABI");
_Static_assert(IOMMU_IOAS_MAP == 0x3b85 && IOMMU_IOAS_UNMAP == 0x3b86, "kernel ABI");
_Static_assert(VFIO_DEVICE_BIND_IOMMUFD == 0x3b76 && VFIO_DEVICE_ATTACH_IOMMUFD_PT == 0x3b77, "kernel ABI");

#endif
