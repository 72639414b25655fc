/* Every call on a descriptor that is not what it takes: an error by name, on any machine. */
#define _GNU_SOURCE
#include "check.h"
#include "sluice.h"

#include <errno.h>
#include <unistd.h>

static char page[4096] __attribute__((aligned(4096)));

/* wanted: what the kernel says of ioctls on `fd`. */
static void calls_fail(int fd, int wanted)
{
    struct sluice_iommu_info iommu;
    struct sluice_device_info device;
    struct sluice_region_info region;
    struct sluice_irq_info irq;
    struct sluice_range range;
    struct sluice_area area;
    uint32_t word;
    uint64_t alignment;
    const int32_t none = -1;

    CHECK_IS(wanted, sluice_vfio_check_api(fd));
    CHECK_IS(wanted, sluice_vfio_check_extension(fd, 3));
    CHECK_IS(wanted, sluice_vfio_group_flags(fd, &word));
    CHECK_IS(wanted, sluice_vfio_group_attach(fd, fd));
    CHECK_IS(wanted, sluice_vfio_group_detach(fd));
    CHECK_IS(wanted, sluice_vfio_group_device(fd, "0000:00:00.0"));
    CHECK_IS(wanted, sluice_vfio_set_iommu(fd, 3));
    CHECK_IS(wanted, sluice_vfio_iommu_info(fd, &iommu, &range, 1));
    CHECK_IS(wanted, sluice_vfio_map(fd, page, sizeof(page), 0x10000, SLUICE_READ));
    CHECK_IS(wanted, sluice_vfio_unmap(fd, 0x10000, sizeof(page)));
    CHECK_IS(wanted, sluice_vfio_device_info(fd, &device));
    CHECK_IS(wanted, sluice_vfio_region_info(fd, 0, &region, &area, 1));
    CHECK_IS(wanted, sluice_vfio_irq_info(fd, 0, &irq));
    CHECK_IS(wanted, sluice_vfio_irq_set(fd, 2, 0, &none, 1));
    CHECK_IS(wanted, sluice_vfio_irq_disable(fd, 2));
    CHECK_IS(wanted, sluice_vfio_irq_mask(fd, 0, 1));
    CHECK_IS(wanted, sluice_vfio_irq_mask(fd, 0, 0));
    CHECK_IS(wanted, sluice_vfio_reset(fd));
    CHECK_IS(wanted, sluice_iommufd_bind(fd, fd, &word));
    CHECK_IS(wanted, sluice_iommufd_attach(fd, 1));
    CHECK_IS(wanted, sluice_iommufd_detach(fd));
    CHECK_IS(wanted, sluice_iommufd_alloc(fd, &word));
    CHECK_IS(wanted, sluice_iommufd_destroy(fd, 1));
    CHECK_IS(wanted, sluice_iommufd_ranges(fd, 1, &range, 1, &alignment));
    CHECK_IS(wanted, sluice_iommufd_map(fd, 1, page, sizeof(page), 0x10000, SLUICE_WRITE));
    CHECK_IS(wanted, sluice_iommufd_unmap(fd, 1, 0x10000, sizeof(page)));
}

static void closed_descriptor_is_ebadf(void)
{
    uint64_t value;

    calls_fail(-1, -EBADF);
    CHECK_IS(-EBADF, sluice_register_read(-1, 0, 4, &value));
    CHECK_IS(-EBADF, sluice_register_write(-1, 0, 4, 0));
}

static void other_descriptor_is_enotty(void)
{
    int fd = sluice_open("/dev/null");

    CHECK(fd >= 0);
    calls_fail(fd, -ENOTTY);
    CHECK_IS(0, sluice_close(fd));
}

static void senseless_arguments_never_reach_the_kernel(void)
{
    const int32_t none = -1;
    struct sluice_iommu_info iommu;
    struct sluice_region_info region;
    uint64_t value;

    CHECK_IS(-EINVAL, sluice_vfio_map(-1, page, 0, 0, SLUICE_READ));
    CHECK_IS(-EINVAL, sluice_vfio_map(-1, page, 4096, 0, 0));
    CHECK_IS(-EINVAL, sluice_vfio_map(-1, page, 4096, 0, 8));
    CHECK_IS(-EOVERFLOW, sluice_vfio_map(-1, page, 4096, UINT64_MAX - 10, SLUICE_READ));
    CHECK_IS(-EOVERFLOW, sluice_vfio_map(-1, page, UINT64_MAX, 0, SLUICE_READ));
    CHECK_IS(-EOVERFLOW, sluice_vfio_unmap(-1, UINT64_MAX, 2));
    CHECK_IS(-EINVAL, sluice_vfio_unmap(-1, 0, 0));
    CHECK_IS(-EOVERFLOW, sluice_iommufd_map(-1, 1, page, 4096, UINT64_MAX - 10, SLUICE_READ));
    CHECK_IS(-EOVERFLOW, sluice_iommufd_unmap(-1, 1, UINT64_MAX, 2));
    CHECK_IS(-EINVAL, sluice_vfio_irq_set(-1, 2, 0, &none, 0));
    CHECK_IS(-EINVAL, sluice_vfio_irq_set(-1, 2, 0, &none, SLUICE_IRQ_MAX + 1));
    CHECK_IS(-EINVAL, sluice_vfio_irq_set(-1, 2, 0, NULL, 1));
    CHECK_IS(-EOVERFLOW, sluice_vfio_irq_set(-1, 2, UINT32_MAX, &none, 1));
    CHECK_IS(-EINVAL, sluice_vfio_device_info(-1, NULL));
    CHECK_IS(-EINVAL, sluice_vfio_iommu_info(-1, &iommu, NULL, 1));
    CHECK_IS(-EINVAL, sluice_vfio_region_info(-1, 0, &region, NULL, 1));
    CHECK_IS(-EINVAL, sluice_vfio_group_device(-1, NULL));
    CHECK_IS(-EINVAL, sluice_register_read(-1, 0, 3, &value));
    CHECK_IS(-EINVAL, sluice_register_read(-1, 0, 4, NULL));
    CHECK_IS(-EOVERFLOW, sluice_register_read(-1, INT64_MAX, 8, &value));
    CHECK_IS(-EOVERFLOW, sluice_register_write(-1, UINT64_MAX, 8, 0));
    CHECK_IS(-EINVAL, sluice_register_write(-1, 0, 0, 0));
}

static void registers_are_little_endian_and_short_ones_are_errors(void)
{
    const unsigned char bytes[] = {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88};
    int fd = sluice_memory_create("registers", sluice_page_size(), 0);
    uint64_t value;

    CHECK(fd >= 0);
    CHECK_IS(sizeof(bytes), pwrite(fd, bytes, sizeof(bytes), 8));
    CHECK_IS(0, sluice_register_read(fd, 8, 1, &value));
    CHECK_IS(0x11, value);
    CHECK_IS(0, sluice_register_read(fd, 8, 2, &value));
    CHECK_IS(0x2211, value);
    CHECK_IS(0, sluice_register_read(fd, 8, 4, &value));
    CHECK_IS(0x44332211, value);
    CHECK_IS(0, sluice_register_read(fd, 8, 8, &value));
    CHECK(value == UINT64_C(0x8877665544332211));
    CHECK_IS(0, sluice_register_write(fd, 8, 2, UINT64_C(0xdeadbeefcafe)));
    CHECK_IS(0, sluice_register_read(fd, 8, 4, &value));
    CHECK_IS(0x4433cafe, value);
    CHECK_IS(-EIO, sluice_register_read(fd, sluice_page_size() - 4, 8, &value));
    CHECK_IS(-EIO, sluice_register_read(fd, sluice_page_size(), 1, &value));
    CHECK_IS(0, sluice_close(fd));
}

int main(void)
{
    RUN(closed_descriptor_is_ebadf);
    RUN(other_descriptor_is_enotty);
    RUN(senseless_arguments_never_reach_the_kernel);
    RUN(registers_are_little_endian_and_short_ones_are_errors);
    return 0;
}
