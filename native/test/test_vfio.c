/*
 * The shim on a real function. Needs one that is bound to vfio-pci; its address comes as argument or in
 * SLUICE_TEST_PCI (0000:00:03.0). Nothing is written to it but its command register.
 */
#define _GNU_SOURCE
#include "check.h"
#include "sluice.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define IOVA 0x10000000

static const char *function;

static int group_number(void)
{
    char path[128], link[256];
    ssize_t length;

    snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu_group", function);
    length = readlink(path, link, sizeof(link) - 1);
    CHECK(length > 0);
    link[length] = 0;
    return atoi(strrchr(link, '/') + 1);
}

/* DMA mappings behave, whichever call makes them. */
static void *map_some(uint64_t bytes)
{
    int fd = sluice_memory_create("dma", bytes, 0);
    void *address;

    CHECK(fd >= 0);
    CHECK_IS(0, sluice_map(fd, 0, bytes, SLUICE_READ | SLUICE_WRITE, &address));
    CHECK_IS(0, sluice_populate(address, bytes));
    CHECK_IS(0, sluice_close(fd));
    return address;
}

static void device_answers(int device)
{
    struct sluice_device_info info;
    struct sluice_region_info region, config;
    struct sluice_irq_info irq;
    struct sluice_area areas[8];
    uint64_t vendor, value, command;
    int count, fds[2];

    CHECK_IS(0, sluice_vfio_device_info(device, &info));
    CHECK(info.flags & VFIO_DEVICE_FLAGS_PCI);
    CHECK(info.regions > VFIO_PCI_CONFIG_REGION_INDEX);

    CHECK_IS(0, sluice_vfio_region_info(device, VFIO_PCI_CONFIG_REGION_INDEX, &config, areas, 8));
    CHECK(config.size >= 256);
    CHECK_IS(0, sluice_register_read(device, config.offset + PCI_VENDOR_ID, 2, &vendor));
    CHECK(vendor != 0 && vendor != 0xffff);
    CHECK_IS(0, sluice_register_read(device, config.offset + PCI_COMMAND, 2, &command));
    CHECK_IS(0, sluice_register_write(device, config.offset + PCI_COMMAND, 2, command | PCI_COMMAND_MEMORY));

    count = sluice_vfio_region_info(device, VFIO_PCI_BAR0_REGION_INDEX, &region, areas, 8);
    CHECK(count >= 0);
    CHECK(region.size > 0);
    CHECK_IS(0, sluice_register_read(device, region.offset, 4, &value));
    if (region.flags & VFIO_REGION_INFO_FLAG_MMAP) {
        volatile uint32_t *bar;
        uint64_t bytes = count ? areas[0].size : region.size;
        uint64_t skip = count ? areas[0].offset : 0;

        CHECK_IS(0, sluice_register_read(device, region.offset + skip, 4, &value));
        CHECK_IS(0, sluice_map(device, region.offset + skip, bytes, SLUICE_READ | SLUICE_WRITE, (void **)&bar));
        CHECK_IS(value, bar[0]);
        CHECK_IS(0, sluice_neutralise((void *)bar, bytes));
        CHECK_IS(0, bar[0]);
        CHECK_IS(0, sluice_unmap((void *)bar, bytes));
    } else {
        COULD_NOT_RUN("mapping BAR 0: the kernel does not offer it");
    }
    CHECK_IS(0, sluice_register_write(device, config.offset + PCI_COMMAND, 2, command));

    CHECK_IS(0, sluice_vfio_irq_info(device, VFIO_PCI_MSIX_IRQ_INDEX, &irq));
    if (irq.count >= 2) {
        fds[0] = sluice_eventfd_create();
        fds[1] = sluice_eventfd_create();
        CHECK_IS(0, sluice_vfio_irq_set(device, VFIO_PCI_MSIX_IRQ_INDEX, 0, fds, 2));
        CHECK_IS(0, sluice_vfio_irq_disable(device, VFIO_PCI_MSIX_IRQ_INDEX));
        CHECK_IS(0, sluice_close(fds[0]));
        CHECK_IS(0, sluice_close(fds[1]));
    } else {
        COULD_NOT_RUN("MSI-X: the function has less than two vectors");
    }
    if (info.flags & VFIO_DEVICE_FLAGS_RESET)
        CHECK_IS(0, sluice_vfio_reset(device));
    else
        COULD_NOT_RUN("reset: the platform cannot reset the function");
}

static void function_works_by_group_and_container(void)
{
    uint64_t bytes = 16 * sluice_page_size();
    struct sluice_iommu_info info;
    struct sluice_range ranges[16];
    char path[64];
    int container = sluice_open("/dev/vfio/vfio");
    int group, device;
    uint32_t flags;
    void *memory;

    CHECK(container >= 0);
    CHECK_IS(0, sluice_vfio_check_api(container));
    CHECK_IS(1, sluice_vfio_check_extension(container, VFIO_TYPE1v2_IOMMU));
    snprintf(path, sizeof(path), "/dev/vfio/%d", group_number());
    group = sluice_open(path);
    CHECK(group >= 0);
    CHECK_IS(-EBUSY, sluice_open(path));
    CHECK_IS(0, sluice_vfio_group_flags(group, &flags));
    CHECK(flags & VFIO_GROUP_FLAGS_VIABLE);
    memory = map_some(bytes);
    CHECK_IS(-EINVAL, sluice_vfio_map(container, memory, bytes, IOVA, SLUICE_READ | SLUICE_WRITE));
    CHECK_IS(0, sluice_vfio_group_attach(group, container));
    CHECK_IS(0, sluice_vfio_set_iommu(container, VFIO_TYPE1v2_IOMMU));
    CHECK(sluice_vfio_iommu_info(container, &info, ranges, 16) > 0);
    CHECK(info.page_sizes & 4096);

    CHECK_IS(0, sluice_vfio_map(container, memory, bytes, IOVA, SLUICE_READ | SLUICE_WRITE));
    CHECK_IS(-EEXIST, sluice_vfio_map(container, memory, bytes, IOVA, SLUICE_READ | SLUICE_WRITE));
    CHECK_IS(-EINVAL, sluice_vfio_map(container, memory, bytes, IOVA + 1, SLUICE_READ | SLUICE_WRITE));
    CHECK_IS(0, sluice_vfio_unmap(container, IOVA, bytes));
    CHECK_IS(-ENOENT, sluice_vfio_unmap(container, IOVA, bytes));

    CHECK_IS(-ENODEV, sluice_vfio_group_device(group, "ffff:ff:1f.7"));
    device = sluice_vfio_group_device(group, function);
    CHECK(device >= 0);
    device_answers(device);
    CHECK_IS(-EBUSY, sluice_vfio_group_detach(group));
    CHECK_IS(0, sluice_close(device));
    CHECK_IS(0, sluice_unmap(memory, bytes));
    CHECK_IS(0, sluice_close(group));
    CHECK_IS(0, sluice_close(container));
}

int main(int count, char **arguments)
{
    function = count > 1 ? arguments[1] : getenv("SLUICE_TEST_PCI");
    if (access("/dev/vfio/vfio", F_OK) != 0 || !function) {
        COULD_NOT_RUN("function_works_by_group_and_container: it takes /dev/vfio/vfio and a function in SLUICE_TEST_PCI");
        return SKIPPED;
    }
    RUN(function_works_by_group_and_container);
    return 0;
}
