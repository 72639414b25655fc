/*
 * The C ABI of libsluice: what the Java side of Sluice needs of Linux and cannot reach from Java.
 *
 * The shim is thin. It knows VFIO, iommufd, io_uring, memory mappings and event descriptors; it knows neither policy nor NVMe.
 *
 * Conventions, for every function unless it says otherwise:
 *   - returns 0 or a count or a descriptor (>= 0) on success, -errno on failure; errno itself means nothing to the caller;
 *   - sizes, offsets and addresses are bytes;
 *   - every descriptor made here is close-on-exec;
 *   - no global state: any thread may call anything at any time, and what two threads may do to one descriptor at once is
 *     what the kernel allows;
 *   - an argument that cannot be meant gives -EINVAL, an offset and size whose sum wraps gives -EOVERFLOW, before the
 *     kernel is asked; a descriptor of the wrong kind gives what the kernel says (-ENOTTY), a closed one -EBADF.
 */
#ifndef SLUICE_H
#define SLUICE_H

#include <stddef.h>
#include <stdint.h>

#define SLUICE_API __attribute__((visibility("default")))

/* Counts every change of this file that an old caller would not survive. The Java side refuses any other number. */
#define SLUICE_ABI 3u

/* Returns SLUICE_ABI of the library as it was built. Never fails. */
SLUICE_API uint32_t sluice_abi(void);

/*
 * Structures that are filled for Java. They consist of uint64_t alone, so that Java can take them as a long[]: no
 * padding, no second description of the layout.
 */

/* A range of I/O virtual addresses; last is the address of its last byte, so that the whole 64-bit space can be said. */
struct sluice_range {
    uint64_t first;
    uint64_t last;
};

/* A part of a region that can be mapped; offset counts from the beginning of the region. */
struct sluice_area {
    uint64_t offset;
    uint64_t size;
};

/* maps_available: how many more DMA mappings the container takes; UINT64_MAX where the kernel does not say. */
struct sluice_iommu_info {
    uint64_t page_sizes;
    uint64_t maps_available;
};

/* flags: VFIO_DEVICE_FLAGS_*. */
struct sluice_device_info {
    uint64_t flags;
    uint64_t regions;
    uint64_t irqs;
};

/* flags: VFIO_REGION_INFO_FLAG_*; offset: of the region's first byte on the device descriptor. */
struct sluice_region_info {
    uint64_t flags;
    uint64_t size;
    uint64_t offset;
};

/* flags: VFIO_IRQ_INFO_*. */
struct sluice_irq_info {
    uint64_t flags;
    uint64_t count;
};

/*
 * A ring as io_uring_setup(2) made it. features: IORING_FEAT_*; flags: IORING_SETUP_* in effect. The mapping at
 * SLUICE_RING_OFFSET has ring_bytes, the one at SLUICE_RING_ENTRIES_OFFSET entries_bytes; the rest are offsets into the former: of
 * 32-bit words, of the submission queue's array of 32-bit indices and of the completion entries.
 */
struct sluice_ring_info {
    uint64_t features;
    uint64_t flags;
    uint64_t submission_entries;
    uint64_t completion_entries;
    uint64_t ring_bytes;
    uint64_t entries_bytes;
    uint64_t submission_head;
    uint64_t submission_tail;
    uint64_t submission_flags;
    uint64_t submission_array;
    uint64_t completion_head;
    uint64_t completion_tail;
    uint64_t completions;
    uint64_t completion_flags;
};

/*
 * An open file or node. type: S_IFMT of its mode; bytes: size of a file or block device; block_bytes: logical block of a block
 * device, 0 for others; memory_alignment, offset_alignment: what direct I/O asks for, 0 where the kernel does not say (before
 * 6.1, and on file systems without direct I/O); major, minor: the device that it is, or that a file lies on; read_only: 1 for
 * a write-protected block device.
 */
struct sluice_file_info {
    uint64_t type;
    uint64_t bytes;
    uint64_t block_bytes;
    uint64_t memory_alignment;
    uint64_t offset_alignment;
    uint64_t major;
    uint64_t minor;
    uint64_t read_only;
};

/* --- descriptors ------------------------------------------------------------------------------------------------- */

/* Opens a device node for reading and writing (open(2), O_RDWR | O_CLOEXEC). Returns the descriptor. */
SLUICE_API int sluice_open(const char *path);

/* Closes a descriptor (close(2)). The descriptor is gone even when an error is returned: never call twice. */
SLUICE_API int sluice_close(int fd);

/* --- memory (memory.c): memfd_create(2), fcntl(2) seals, mmap(2), madvise(2) ---------------------------------------- */

/* Pages of 2 MiB from the kernel's pool (vm.nr_hugepages) instead of pages of the base size. */
#define SLUICE_MEMORY_HUGE 1u
#define SLUICE_HUGE_PAGE_BYTES (UINT64_C(2) << 20)

#define SLUICE_READ 1u
#define SLUICE_WRITE 2u

/* The base page size: 4096 on x86-64; 4096, 16384 or 65536 on aarch64. Never fails. */
SLUICE_API uint64_t sluice_page_size(void);

/*
 * Makes an anonymous file that holds `bytes` of zeroes, all of them allocated now, and seals its size: nobody who is handed
 * the descriptor can shrink it under a mapping.
 *
 * name: up to 249 characters, shown in /proc/PID/maps. bytes: > 0, a multiple of the page size that the flags choose.
 * Returns the descriptor. -ENOMEM or -ENOSPC: not that much memory (or not so many huge pages) free; -EFBIG: above
 * RLIMIT_FSIZE.
 */
SLUICE_API int sluice_memory_create(const char *name, uint64_t bytes, uint32_t flags);

/*
 * Maps `bytes` from `offset` of a file or VFIO device descriptor, shared. access: SLUICE_READ | SLUICE_WRITE.
 * offset: a multiple of the page size. Stores the address. -ENOMEM also where vm.max_map_count is reached.
 */
SLUICE_API int sluice_map(int fd, uint64_t offset, uint64_t bytes, uint32_t access, void **address);

/*
 * Makes the pages of a writable mapping present, so that a lack of memory is an error here instead of SIGBUS at first use
 * (MADV_POPULATE_WRITE, Linux 5.14). Returns 0 without doing anything on older kernels, where the pages of
 * sluice_memory_create are allocated all the same and only the page-table entries come later.
 */
SLUICE_API int sluice_populate(void *address, uint64_t bytes);

/*
 * Replaces a mapped range by anonymous zero pages, atomically for every thread that is reading or writing it. What was
 * mapped before is released. The range holds no memory until somebody writes to it.
 */
SLUICE_API int sluice_neutralise(void *address, uint64_t bytes);

/* Removes a mapping. After it the addresses may belong to anybody: only when nothing can reach them any more. */
SLUICE_API int sluice_unmap(void *address, uint64_t bytes);

/* --- event descriptors (eventfd.c): eventfd(2), ppoll(2) ----------------------------------------------------------- */

/* Returns a new event descriptor, counter 0, non-blocking. */
SLUICE_API int sluice_eventfd_create(void);

/*
 * Waits until the counter is not 0, takes it and makes it 0. timeout_nanos: 0 only looks, negative waits without limit;
 * signals do not prolong the wait. Returns 1 and the count taken, or 0 when the time is over.
 */
SLUICE_API int sluice_eventfd_await(int fd, int64_t timeout_nanos, uint64_t *count);

/* Adds 1 to the counter. A counter that is full stays full and is success: whoever waits is woken either way. */
SLUICE_API int sluice_eventfd_signal(int fd);

/* --- registers by message (vfio_device.c): pread(2), pwrite(2) on a device descriptor ------------------------------ */

/* Reads width (1, 2, 4 or 8) bytes, little-endian, at `position` of the descriptor. -EIO when fewer came. */
SLUICE_API int sluice_register_read(int fd, uint64_t position, uint32_t width, uint64_t *value);

/* Writes the low `width` (1, 2, 4 or 8) bytes of value. -EIO when fewer went. */
SLUICE_API int sluice_register_write(int fd, uint64_t position, uint32_t width, uint64_t value);

/* --- VFIO containers and groups (vfio_group.c), linux/vfio.h -------------------------------------------------------- */

/* VFIO_GET_API_VERSION of a container (/dev/vfio/vfio). Returns 0, -EPROTO when the kernel speaks another version. */
SLUICE_API int sluice_vfio_check_api(int container);

/* VFIO_CHECK_EXTENSION: returns 1 when the kernel has that IOMMU type (VFIO_TYPE1v2_IOMMU is 3), 0 when not. */
SLUICE_API int sluice_vfio_check_extension(int container, uint32_t type);

/* VFIO_GROUP_GET_STATUS: stores VFIO_GROUP_FLAGS_*. */
SLUICE_API int sluice_vfio_group_flags(int group, uint32_t *flags);

/* VFIO_GROUP_SET_CONTAINER. */
SLUICE_API int sluice_vfio_group_attach(int group, int container);

/* VFIO_GROUP_UNSET_CONTAINER; -EBUSY while a device of the group is open. */
SLUICE_API int sluice_vfio_group_detach(int group);

/* VFIO_GROUP_GET_DEVICE_FD: returns the descriptor of the device of that name (a PCI address). */
SLUICE_API int sluice_vfio_group_device(int group, const char *name);

/* VFIO_SET_IOMMU. -EPERM: the platform cannot isolate interrupts; -ENODEV: no group attached that the type can serve. */
SLUICE_API int sluice_vfio_set_iommu(int container, uint32_t type);

/*
 * VFIO_IOMMU_GET_INFO with its capability chain, walked with every bound checked. Stores up to `capacity` usable ranges
 * and returns how many there are in all; 0 where the kernel does not say (before 5.7). -EPROTO: the chain is malformed.
 */
SLUICE_API int sluice_vfio_iommu_info(
    int container, struct sluice_iommu_info *info, struct sluice_range *ranges, uint32_t capacity);

/*
 * VFIO_IOMMU_MAP_DMA: pins the pages and lets the devices of the container reach them at iova.
 * -ENOMEM: RLIMIT_MEMLOCK; -ENOSPC: no mapping left (dma_entry_limit); -EEXIST: the range is taken; -EINVAL: outside of
 * the usable ranges or not aligned.
 */
SLUICE_API int sluice_vfio_map(int container, const void *address, uint64_t bytes, uint64_t iova, uint32_t access);

/* VFIO_IOMMU_UNMAP_DMA of exactly one former mapping; -ENOENT when there was none. */
SLUICE_API int sluice_vfio_unmap(int container, uint64_t iova, uint64_t bytes);

/* --- VFIO devices (vfio_device.c), linux/vfio.h --------------------------------------------------------------------- */

/* VFIO_DEVICE_GET_INFO. */
SLUICE_API int sluice_vfio_device_info(int device, struct sluice_device_info *info);

/*
 * VFIO_DEVICE_GET_REGION_INFO. index: VFIO_PCI_*_REGION_INDEX. Stores up to `capacity` areas of the sparse-mmap capability
 * and returns how many there are; 0 areas and VFIO_REGION_INFO_FLAG_MMAP means that the whole region can be mapped.
 */
SLUICE_API int sluice_vfio_region_info(
    int device, uint32_t index, struct sluice_region_info *info, struct sluice_area *areas, uint32_t capacity);

/* VFIO_DEVICE_GET_IRQ_INFO. index: VFIO_PCI_*_IRQ_INDEX. */
SLUICE_API int sluice_vfio_irq_info(int device, uint32_t index, struct sluice_irq_info *info);

#define SLUICE_IRQ_MAX 2048u

/*
 * VFIO_DEVICE_SET_IRQS: the interrupts start to start + count - 1 signal these event descriptors. count: 1 to
 * SLUICE_IRQ_MAX (the largest MSI-X table). fds[i] -1 takes an interrupt's descriptor away. Returns 0; or, when the platform
 * has fewer vectors, how many it has, with none enabled.
 */
SLUICE_API int sluice_vfio_irq_set(int device, uint32_t index, uint32_t start, const int32_t *fds, uint32_t count);

/* VFIO_DEVICE_SET_IRQS: disables all interrupts of the index. */
SLUICE_API int sluice_vfio_irq_disable(int device, uint32_t index);

/* VFIO_DEVICE_SET_IRQS: masks (masked = 1) or unmasks (0) interrupt 0 of the index; for INTx. */
SLUICE_API int sluice_vfio_irq_mask(int device, uint32_t index, int masked);

/* VFIO_DEVICE_RESET. -EINVAL or -ENOTTY: this device cannot be reset alone. */
SLUICE_API int sluice_vfio_reset(int device);

/* --- iommufd and VFIO character devices (iommufd.c), linux/iommufd.h, Linux 6.6 -------------------------------------- */

/* VFIO_DEVICE_BIND_IOMMUFD on an opened /dev/vfio/devices/vfioN. Stores the device's id. -EBUSY: somebody has it. */
SLUICE_API int sluice_iommufd_bind(int device, int iommufd, uint32_t *device_id);

/* VFIO_DEVICE_ATTACH_IOMMUFD_PT: the device sees the address space from now on. */
SLUICE_API int sluice_iommufd_attach(int device, uint32_t ioas);

/* VFIO_DEVICE_DETACH_IOMMUFD_PT: the device sees no memory from now on. */
SLUICE_API int sluice_iommufd_detach(int device);

/* IOMMU_IOAS_ALLOC: stores the id of a new, empty address space. */
SLUICE_API int sluice_iommufd_alloc(int iommufd, uint32_t *ioas);

/* IOMMU_DESTROY of an address space; its mappings go with it. -EBUSY while a device is attached. */
SLUICE_API int sluice_iommufd_destroy(int iommufd, uint32_t id);

/*
 * IOMMU_IOAS_IOVA_RANGES: usable ranges; ask after attaching, since each device narrows them. Stores up to `capacity`
 * ranges and the alignment that mappings need, returns how many ranges there are in all.
 */
SLUICE_API int sluice_iommufd_ranges(
    int iommufd, uint32_t ioas, struct sluice_range *ranges, uint32_t capacity, uint64_t *alignment);

/* IOMMU_IOAS_MAP at a fixed iova. -EEXIST: the range is taken; -ENOMEM: RLIMIT_MEMLOCK or no memory for page tables. */
SLUICE_API int sluice_iommufd_map(
    int iommufd, uint32_t ioas, const void *address, uint64_t bytes, uint64_t iova, uint32_t access);

/* IOMMU_IOAS_UNMAP of whole former mappings; -ENOENT when there was none. */
SLUICE_API int sluice_iommufd_unmap(int iommufd, uint32_t ioas, uint64_t iova, uint64_t bytes);

/* --- files and block devices (file.c): open(2), statx(2), linux/fs.h, linux/nvme_ioctl.h ------------------------------ */

#define SLUICE_FILE_WRITE 1u     /* O_RDWR instead of O_RDONLY */
#define SLUICE_FILE_DIRECT 2u    /* O_DIRECT; -EINVAL where the file system has none */
#define SLUICE_FILE_EXCLUSIVE 4u /* O_EXCL: a block device for us alone; -EBUSY while it is mounted or held */

/* Opens a file or node that exists; never creates one. Returns the descriptor. */
SLUICE_API int sluice_file_open(const char *path, uint32_t flags);

/* Fills in what the file is. */
SLUICE_API int sluice_file_info(int fd, struct sluice_file_info *info);

/* NVME_IOCTL_ID: returns the namespace's identifier, as the 32 bits it is. */
SLUICE_API int64_t sluice_nvme_namespace(int fd);

/*
 * NVME_IOCTL_ADMIN_CMD: a command that reads `bytes` into `data`. Returns 0, or the status that the drive answered (> 0, the
 * status field without the phase bit), or -errno.
 */
SLUICE_API int sluice_nvme_read(
    int fd, uint32_t opcode, uint32_t namespace_id, uint32_t dword10, void *data, uint32_t bytes, uint32_t timeout_millis);

/*
 * --- io_uring (uring.c), linux/io_uring.h, Linux 5.11 -----------------------------------------------------------------
 *
 * Plain system calls, without liburing: that library's worth lies in filling entries and reading completions, which Java does in the
 * mapped rings; the three calls that are left need no library, nor one built for every architecture. Map the rings with
 * sluice_map on the ring's descriptor.
 */

#define SLUICE_RING_OFFSET UINT64_C(0)
#define SLUICE_RING_ENTRIES_OFFSET UINT64_C(0x10000000)

/*
 * io_uring_setup(2). entries: 1 to 32768, rounded up to a power of two by the kernel. flags: IORING_SETUP_*. cpu: of the polling
 * thread (SQ_AFF); idle_millis: how long it polls before it sleeps (SQPOLL). Returns the ring's descriptor. -ENOSYS: built without
 * io_uring; -EPERM: forbidden by kernel.io_uring_disabled or a seccomp filter; -EINVAL: a flag that this kernel does not know;
 * -ENOMEM: RLIMIT_MEMLOCK (before 5.12); -EPROTO: a kernel before 5.11, or a layout outside of its mapping.
 */
SLUICE_API int sluice_ring_setup(
    uint32_t entries, uint32_t flags, uint32_t cpu, uint32_t idle_millis, struct sluice_ring_info *info);

/*
 * io_uring_enter(2): hands over up to `submit` entries, then, with IORING_ENTER_GETEVENTS in flags, waits for `complete`
 * completions. timeout_nanos: of the wait, negative waits without limit. Returns how many entries were taken. -ETIME: the time is
 * over and none was taken; -EINTR: a signal came; -EAGAIN, -EBUSY: no memory for requests, or completions to be taken first.
 */
SLUICE_API int sluice_ring_enter(int ring, uint32_t submit, uint32_t complete, uint32_t flags, int64_t timeout_nanos);

/* IORING_REGISTER_BUFFERS of one buffer, index 0: pins its pages for as long as it is registered. -ENOMEM: RLIMIT_MEMLOCK. */
SLUICE_API int sluice_ring_register_buffer(int ring, void *address, uint64_t bytes);

/* IORING_UNREGISTER_BUFFERS; waits for operations that use it. */
SLUICE_API int sluice_ring_unregister_buffer(int ring);

/* IORING_REGISTER_FILES of one descriptor, index 0. */
SLUICE_API int sluice_ring_register_file(int ring, int fd);

/* IORING_UNREGISTER_FILES. */
SLUICE_API int sluice_ring_unregister_file(int ring);

/* IORING_REGISTER_EVENTFD: the event descriptor is signalled at each completion. -EBUSY: there is one. */
SLUICE_API int sluice_ring_register_event(int ring, int eventfd);

/* IORING_UNREGISTER_EVENTFD; -ENXIO: there is none. */
SLUICE_API int sluice_ring_unregister_event(int ring);

/*
 * IORING_REGISTER_PROBE: which operations (IORING_OP_*) the kernel has, a bit each from bit 0 of words[0] on; `words` has room for 256 of
 * them, four words.
 */
SLUICE_API int sluice_ring_probe(int ring, uint64_t *words);

#endif
